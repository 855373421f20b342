# cause: un conjunto
async def fetch_all(ids, fetch):
    return set(await asyncio.gather(*map(fetch, ids)))
