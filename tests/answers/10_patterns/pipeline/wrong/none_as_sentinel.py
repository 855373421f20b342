# cause: no es un centinela
# fails: test_pipeline_a
async def pipeline(items, n, work):
    queue = asyncio.Queue()
    results = []

    async def consume():
        while (item := await queue.get()) is not None:
            place = items.index(item)
            results.append((place, await work(item)))

    async with asyncio.TaskGroup() as tg:
        for _ in range(n):
            tg.create_task(consume())
        for item in items:
            await queue.put(item)
        for _ in range(n):
            await queue.put(None)
    return [value for place, value in sorted(results)]
