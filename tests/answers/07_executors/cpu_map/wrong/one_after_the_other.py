# cause: M08
# fails: test_cpu_map_b
async def cpu_map(pool, fn, items) -> list:
    loop = asyncio.get_running_loop()
    return [await loop.run_in_executor(pool, fn, item) for item in items]
