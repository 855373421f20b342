# cause: tarde
def start(fn, *args):
    async def run():
        await asyncio.sleep(0)
        return await fn(*args)

    return asyncio.create_task(run())
