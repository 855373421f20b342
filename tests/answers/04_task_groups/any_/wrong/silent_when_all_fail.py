# cause: no lanza nada
# fails: test_any__b
async def any_(*coros):
    tasks = [asyncio.create_task(coro) for coro in coros]
    for finished in asyncio.as_completed(tasks):
        try:
            value = await finished
        except Exception:
            continue
        for task in tasks:
            task.cancel()
        return value
