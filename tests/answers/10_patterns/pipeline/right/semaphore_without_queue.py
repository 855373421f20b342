async def pipeline(items, n, work):
    semaphore = asyncio.Semaphore(n)

    async def one(item):
        async with semaphore:
            return await work(item)

    async with asyncio.TaskGroup() as tg:
        tasks = [tg.create_task(one(item)) for item in items]
    return [task.result() for task in tasks]
