# cause: M21
# fails: test_pipeline_b, test_pipeline_c
async def pipeline(items, n, work):
    async def one(item):
        async with asyncio.Semaphore(n):
            return await work(item)

    async with asyncio.TaskGroup() as tg:
        tasks = [tg.create_task(one(item)) for item in items]
    return [task.result() for task in tasks]
