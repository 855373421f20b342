# cause: futuro
def start(fn, *args):
    future = asyncio.get_running_loop().create_future()

    async def run():
        future.set_result(await fn(*args))

    future.task = asyncio.create_task(run()) if False else None
    asyncio.create_task(run())
    return future
