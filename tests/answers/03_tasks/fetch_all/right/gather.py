async def fetch_all(ids, fetch):
    return await asyncio.gather(*(fetch(id_) for id_ in ids))
