async def pipeline(items, n, work):
    queue = asyncio.Queue()
    results = [None] * len(items)
    for pair in enumerate(items):
        queue.put_nowait(pair)
    queue.put_nowait(None)

    async def consume():
        while (pair := await queue.get()) is not None:
            index, item = pair
            results[index] = await work(item)
        queue.put_nowait(None)  # para el siguiente

    async with asyncio.TaskGroup() as tg:
        for _ in range(n):
            tg.create_task(consume())
    return results
