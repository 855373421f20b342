async def fetch_all(ids, fetch):
    tasks = [asyncio.create_task(fetch(i)) for i in reversed(ids)]
    return [await t for t in reversed(tasks)]
