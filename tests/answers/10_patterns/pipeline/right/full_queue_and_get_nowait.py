async def pipeline(items, n, work):
    queue = asyncio.Queue()
    for pair in enumerate(items):
        queue.put_nowait(pair)
    results = [None] * len(items)

    async def consume():
        while not queue.empty():  # nadie pone más: vacía es acabada
            index, item = queue.get_nowait()
            results[index] = await work(item)

    async with asyncio.TaskGroup() as tg:
        for _ in range(n):
            tg.create_task(consume())
    return results
