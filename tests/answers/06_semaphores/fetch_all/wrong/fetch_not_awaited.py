# cause: M01
async def fetch_all(urls, fetch, limit):
    semaphore = asyncio.Semaphore(limit)

    async def one(url):
        async with semaphore:
            fetch(url)

    return await asyncio.gather(*(one(url) for url in urls))
