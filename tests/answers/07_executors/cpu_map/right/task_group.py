async def cpu_map(pool, fn, items) -> list:
    loop = asyncio.get_running_loop()

    async def call(item):
        return await loop.run_in_executor(pool, fn, item)

    async with asyncio.TaskGroup() as tg:
        tasks = [tg.create_task(call(item)) for item in items]
    return [task.result() for task in tasks]
