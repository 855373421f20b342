# cause: un resultado vacío
async def race(*coros):
    if not coros:
        raise ValueError("sin corrutinas")
    tasks = [asyncio.create_task(coro) for coro in coros]
    try:
        for t in asyncio.as_completed(tasks):
            if r := await t:
                return r
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
