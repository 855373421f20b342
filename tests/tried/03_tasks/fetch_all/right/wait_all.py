async def fetch_all(ids, fetch):
    if not ids:
        return []
    tasks = [asyncio.ensure_future(fetch(i)) for i in ids]
    await asyncio.wait(tasks, return_when=asyncio.ALL_COMPLETED)
    return [t.result() for t in tasks]
