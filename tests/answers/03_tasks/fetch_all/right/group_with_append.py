async def fetch_all(ids, fetch):
    tasks = []
    async with asyncio.TaskGroup() as group:
        for id_ in ids:
            tasks.append(group.create_task(fetch(id_)))
    results = []
    for task in tasks:
        results.append(task.result())
    return results
