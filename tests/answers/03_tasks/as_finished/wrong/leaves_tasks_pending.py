# cause: al cerrarse el generador quedan llamadas en marcha
# fails: test_as_finished_b
async def as_finished(fn, items):
    async def pair(item):
        return item, await fn(item)

    tasks = [asyncio.create_task(pair(item)) for item in items]
    for finished in asyncio.as_completed(tasks):
        yield await finished
