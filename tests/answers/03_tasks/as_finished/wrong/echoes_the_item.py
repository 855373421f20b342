# cause: la pareja lleva el resultado de otro `item`
# fails: test_as_finished_a, test_as_finished_b
async def as_finished(fn, items):
    async def pair(item):
        await fn(item)
        return item, item

    tasks = [asyncio.create_task(pair(item)) for item in items]
    try:
        for finished in asyncio.as_completed(tasks):
            yield await finished
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
