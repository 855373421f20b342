# cause: no sale
async def cpu_map(pool, fn, items):
    loop = asyncio.get_running_loop()
    return list(await asyncio.gather(*(loop.run_in_executor(pool, fn, i) for i in items), return_exceptions=True))
