# cause: (M24): nadie puede despertar a nadie. Quedan esperando: consumer-0 (queue.get
# fails: test_pipeline_a, test_pipeline_b
async def pipeline(items, n, work):
    queue = asyncio.Queue(maxsize=10)
    results = [None] * len(items)
    end = object()

    async def consume():
        while (pair := await queue.get()) is not end:
            index, item = pair
            results[index] = await work(item)

    async with asyncio.TaskGroup() as tg:
        for i in range(n):
            tg.create_task(consume(), name=f"consumer-{i}")
        for pair in enumerate(items):
            await queue.put(pair)
        await queue.put(end)
    return results
