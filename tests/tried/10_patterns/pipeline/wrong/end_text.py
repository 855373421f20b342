# cause: centinela
async def pipeline(items, n, work):
    queue, results, end = asyncio.Queue(maxsize=n), [None] * len(items), "END"

    async def consume():
        while (pair := await queue.get()) != end:
            results[items.index(pair)] = await work(pair)

    async with asyncio.TaskGroup() as tg:
        for _ in range(n):
            tg.create_task(consume())
        for place, item in enumerate(items):
            await queue.put(item)
        for _ in range(n):
            await queue.put(end)
    return results
