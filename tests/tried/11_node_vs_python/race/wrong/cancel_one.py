# cause: siguen en marcha
async def race(*coros):
    if not coros:
        raise ValueError("sin corrutinas")
    tasks = [asyncio.create_task(coro) for coro in coros]
    try:
        done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return done.pop().result()
    finally:
        next((t for t in tasks if not t.done()), tasks[0]).cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
