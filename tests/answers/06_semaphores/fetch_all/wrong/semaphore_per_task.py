# cause: M21
# cause: el mismo para todas
async def fetch_all(urls, fetch, limit):
    async def one(url):
        async with asyncio.Semaphore(limit):
            return await fetch(url)

    return await asyncio.gather(*(one(url) for url in urls))
