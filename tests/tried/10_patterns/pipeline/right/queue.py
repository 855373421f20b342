async def pipeline(items, n, work):
    queue, results, end = asyncio.Queue(maxsize=n), [None] * len(items), object()

    async def consume():
        while (pair := await queue.get()) is not end:
            place, item = pair
            results[place] = await work(item)

    async with asyncio.TaskGroup() as tg:
        for _ in range(n):
            tg.create_task(consume())
        for pair in enumerate(items):
            await queue.put(pair)
        for _ in range(n):
            await queue.put(end)
    return results
