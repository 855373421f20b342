# cause: a la vez
lock = asyncio.Lock()


def start(fn, *args):
    async def run():
        async with lock:
            return await fn(*args)

    return asyncio.create_task(run())
