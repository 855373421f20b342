# cause: orden
async def pipeline(items, n, work):
    results = []
    todo = iter(enumerate(items))

    async def consume():
        for place, item in todo:
            results.append(await work(item))

    async with asyncio.TaskGroup() as tg:
        for _ in range(n):
            tg.create_task(consume())
    return results
