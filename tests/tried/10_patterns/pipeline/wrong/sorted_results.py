# cause: orden
async def pipeline(items, n, work):
    results, todo = [], iter(items)
    async def consume():
        for item in todo:
            results.append(await work(item))
    async with asyncio.TaskGroup() as tg:
        for _ in range(n):
            tg.create_task(consume())
    return sorted(results, key=repr)
