# cause: M22
SEMAPHORE = asyncio.Semaphore(3)


async def fetch_all(urls, fetch, limit):
    async def one(url):
        async with SEMAPHORE:
            return await fetch(url)

    return await asyncio.gather(*(one(url) for url in urls))
