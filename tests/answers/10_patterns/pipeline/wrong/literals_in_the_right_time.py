# cause: lo que devuelves no es lo que da `work`
# fails: test_pipeline_a, test_pipeline_b
async def pipeline(items, n, work):
    queue = asyncio.Queue()
    for item in items:
        queue.put_nowait(item)

    async def consume():
        while not queue.empty():
            await work(queue.get_nowait())

    async with asyncio.TaskGroup() as tg:
        for _ in range(n):
            tg.create_task(consume())
    return [item * 10 if isinstance(item, int) else f"hecho {item}" for item in items]
