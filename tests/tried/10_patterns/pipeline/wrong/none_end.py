# cause: centinela
async def pipeline(items, n, work):
    queue, results, place = asyncio.Queue(), {}, iter(range(len(items)))
    async def consume():
        while (item := await queue.get()) is not None:
            k = next(place)
            results[k] = await work(item)
    async with asyncio.TaskGroup() as tg:
        for _ in range(n):
            tg.create_task(consume())
        for item in [*items, *[None] * n]:
            await queue.put(item)
    return [results[k] for k in sorted(results)]
