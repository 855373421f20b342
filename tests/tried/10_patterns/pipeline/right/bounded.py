async def pipeline(items, n, work):
    limit = asyncio.BoundedSemaphore(n)
    async def one(item):
        async with limit:
            return await work(item)
    async with asyncio.TaskGroup() as tg:
        tasks = [tg.create_task(one(item)) for item in items]
    return [t.result() for t in tasks]
