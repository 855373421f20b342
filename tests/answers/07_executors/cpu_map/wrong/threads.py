# cause: M09
# fails: test_cpu_map_b
async def cpu_map(pool, fn, items) -> list:
    return list(await asyncio.gather(*(asyncio.to_thread(fn, item) for item in items)))
