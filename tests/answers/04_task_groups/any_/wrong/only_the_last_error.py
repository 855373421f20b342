# cause: un solo error
# fails: test_any__b
async def any_(*coros):
    tasks = [asyncio.create_task(coro) for coro in coros]
    last = None
    for finished in asyncio.as_completed(tasks):
        try:
            value = await finished
        except Exception as error:
            last = error
            continue
        for task in tasks:
            task.cancel()
        return value
    raise last
