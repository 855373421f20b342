async def fetch_all(ids, fetch):
    tasks = [asyncio.create_task(fetch(id_)) for id_ in ids]
    return [await task for task in tasks]
