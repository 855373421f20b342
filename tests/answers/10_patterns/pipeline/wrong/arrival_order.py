# cause: M16
# fails: test_pipeline_a
async def pipeline(items, n, work):
    queue = asyncio.Queue(maxsize=10)
    results = [None] * len(items)
    results, end = [], object()

    async def consume():
        while (item := await queue.get()) is not end:
            results.append(await work(item))

    async with asyncio.TaskGroup() as tg:
        for _ in range(n):
            tg.create_task(consume())
        for item in items:
            await queue.put(item)
        for _ in range(n):
            await queue.put(end)
    return results
