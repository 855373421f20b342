# cause: futuro
async def cpu_map(pool, fn, items):
    loop = asyncio.get_running_loop()
    return asyncio.gather(*(loop.run_in_executor(pool, fn, item) for item in items))
