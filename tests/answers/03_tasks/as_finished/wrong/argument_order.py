# cause: en el orden de `items`
# fails: test_as_finished_a, test_as_finished_b
async def as_finished(fn, items):
    tasks = [(item, asyncio.create_task(fn(item))) for item in items]
    try:
        for item, task in tasks:
            yield item, await task
    finally:
        for _, task in tasks:
            task.cancel()
