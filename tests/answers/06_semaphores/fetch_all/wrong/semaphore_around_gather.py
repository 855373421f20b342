# cause: M21
async def fetch_all(urls, fetch, limit):
    async with asyncio.Semaphore(limit):
        return await asyncio.gather(*map(fetch, urls))
