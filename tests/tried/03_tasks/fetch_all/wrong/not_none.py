# cause: falsas
async def fetch_all(ids, fetch):
    return [a for a in await asyncio.gather(*map(fetch, ids)) if a is not None]
