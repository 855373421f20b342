def start(fn, *args):
    async def run():
        return await fn(*args)

    return asyncio.create_task(run())
