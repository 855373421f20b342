# cause: tu propio proceso
async def cpu_map(pool, fn, items):
    loop = asyncio.get_running_loop()
    return list(await asyncio.gather(*(loop.run_in_executor(None, fn, item) for item in items)))
