# cause: una lista
async def cpu_map(pool, fn, items):
    loop = asyncio.get_running_loop()
    return tuple(await asyncio.gather(*(loop.run_in_executor(pool, fn, item) for item in items)))
