# cause: M01
async def start(fn, *args):
    return asyncio.create_task(fn(*args))
