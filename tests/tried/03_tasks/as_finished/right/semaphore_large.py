async def as_finished(fn, items):
    items = list(items)
    queue = asyncio.Queue()
    async def work(i):
        await queue.put((i, await fn(i)))
    jobs = [asyncio.create_task(work(i)) for i in items]
    try:
        n = 0
        while n < len(items):
            yield await queue.get()
            n += 1
    except GeneratorExit:
        for j in jobs:
            j.cancel()
        raise
