# cause: M21
async def fetch_all(urls, fetch, limit):
    return await asyncio.gather(*map(fetch, urls))
