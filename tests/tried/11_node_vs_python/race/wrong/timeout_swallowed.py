# cause: sea del tipo que sea
async def race(*coros):
    if not coros:
        raise ValueError("sin corrutinas")
    tasks = [asyncio.create_task(coro) for coro in coros]
    try:
        done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        try:
            return done.pop().result()
        except TimeoutError:
            return None
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
