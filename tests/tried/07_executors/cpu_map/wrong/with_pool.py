# cause: cierras un pool
async def cpu_map(pool, fn, items):
    loop = asyncio.get_running_loop()
    with pool:
        return list(await asyncio.gather(*(loop.run_in_executor(pool, fn, item) for item in items)))
