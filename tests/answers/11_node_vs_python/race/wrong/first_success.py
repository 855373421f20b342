# cause: eso es `Promise.any`
# fails: test_race_b, test_race_c
async def race(*coros):
    if not coros:
        raise ValueError("vacía")
    tasks = [asyncio.create_task(coro) for coro in coros]
    try:
        for finished in asyncio.as_completed(tasks):
            try:
                return await finished
            except Exception as error:
                last = error
        raise last
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
