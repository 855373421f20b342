async def pipeline(items, n, work):
    queue = asyncio.Queue(maxsize=10)
    end = object()
    results = {}

    async def produce():
        for index, item in enumerate(items):
            await queue.put((index, item))
        for _ in range(n):
            await queue.put(end)

    async def consume():
        while True:
            got = await queue.get()
            if got is end:
                return
            index, item = got
            results[index] = await work(item)

    async with asyncio.TaskGroup() as tg:
        tg.create_task(produce())
        for _ in range(n):
            tg.create_task(consume())
    return [results[index] for index in range(len(items))]
