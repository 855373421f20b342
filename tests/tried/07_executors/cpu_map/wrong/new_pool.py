# cause: otro pool
async def cpu_map(pool, fn, items):
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor() as mine:
        return list(await asyncio.gather(*(loop.run_in_executor(mine, fn, item) for item in items)))
