# cause: return
async def fetch_all(ids, fetch):
    if ids:
        return await asyncio.gather(*map(fetch, ids))
