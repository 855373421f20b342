# cause: E39
# fails: test_cpu_map_b
async def cpu_map(pool, fn, items) -> list:
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor(2) as mine:
        return list(await asyncio.gather(*(loop.run_in_executor(mine, fn, item) for item in items)))
