# cause: no corren a la vez
async def cpu_map(pool, fn, items):
    loop = asyncio.get_running_loop()
    return [await loop.run_in_executor(pool, fn, item) for item in items]
