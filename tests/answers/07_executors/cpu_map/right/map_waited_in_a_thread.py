async def cpu_map(pool, fn, items) -> list:
    return await asyncio.to_thread(lambda: list(pool.map(fn, items)))
