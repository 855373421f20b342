async def as_finished(fn, items):
    finished = asyncio.Queue()

    async def one(item):
        await finished.put((item, await fn(item)))

    tasks = [asyncio.create_task(one(item)) for item in items]
    try:
        for _ in tasks:
            yield await finished.get()
    finally:
        for task in tasks:
            task.cancel()
