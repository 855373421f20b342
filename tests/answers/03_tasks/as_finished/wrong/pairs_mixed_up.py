# cause: el resultado de otro `item`
# fails: test_as_finished_a, test_as_finished_b
async def as_finished(fn, items):
    tasks = [asyncio.create_task(fn(item)) for item in items]
    try:
        for item, answer in zip(items, asyncio.as_completed(tasks)):
            yield item, await answer
    finally:
        for task in tasks:
            task.cancel()
