async def fetch_all(ids, fetch):
    tasks = {}
    for i in ids:
        if i not in tasks:
            tasks[i] = asyncio.create_task(fetch(i))
    return [await tasks[i] for i in ids]
