# cause: sin su `item`
# fails: test_as_finished_a, test_as_finished_b
async def as_finished(fn, items):
    tasks = [asyncio.create_task(fn(item)) for item in items]
    try:
        for answer in asyncio.as_completed(tasks):
            yield await answer
    finally:
        for task in tasks:
            task.cancel()
