async def race(*coros):
    if not coros:
        raise ValueError("race() sin corrutinas")
    tasks = [asyncio.create_task(coro) for coro in coros]
    try:
        return await next(iter(asyncio.as_completed(tasks)))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
