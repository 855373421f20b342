# cause: esperas a todas
# fails: test_as_finished_a, test_as_finished_b
async def as_finished(fn, items):
    arrived = []

    async def one(item):
        arrived.append((item, await fn(item)))

    async with asyncio.TaskGroup() as tg:
        for item in items:
            tg.create_task(one(item))
    for pair in arrived:
        yield pair
