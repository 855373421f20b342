# cause: ocultas el error de `work`
# fails: test_pipeline_c
async def pipeline(items, n, work):
    queue = asyncio.Queue(maxsize=10)
    results = [None] * len(items)
    end = object()

    async def consume():
        while (pair := await queue.get()) is not end:
            index, item = pair
            try:
                results[index] = await work(item)
            except Exception:
                pass

    async with asyncio.TaskGroup() as tg:
        for _ in range(n):
            tg.create_task(consume())
        for pair in enumerate(items):
            await queue.put(pair)
        for _ in range(n):
            await queue.put(end)
    return results
