# cause: return
async def fetch_all(ids, fetch):
    answers = await asyncio.gather(*map(fetch, ids))
