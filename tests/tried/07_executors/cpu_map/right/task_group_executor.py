async def cpu_map(pool, fn, items):
    loop = asyncio.get_running_loop()

    async def one(item):
        return await loop.run_in_executor(pool, fn, item)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(item)) for item in items]
    return [task.result() for task in tasks]
