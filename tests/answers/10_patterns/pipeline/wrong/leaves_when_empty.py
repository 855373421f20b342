# cause: se pierden elementos
# fails: test_pipeline_a, test_pipeline_b, test_pipeline_c
async def pipeline(items, n, work):
    queue = asyncio.Queue()
    results = [None] * len(items)

    async def produce():
        for pair in enumerate(items):
            await queue.put(pair)

    async def consume():
        while True:
            try:
                index, item = queue.get_nowait()
            except asyncio.QueueEmpty:
                return
            results[index] = await work(item)

    async with asyncio.TaskGroup() as tg:
        for i in range(n):
            tg.create_task(consume(), name=f"consumer-{i}")
        tg.create_task(produce(), name="producer")
    return results
