async def cpu_map(pool, fn, items):
    return [*await asyncio.gather(*(asyncio.wrap_future(pool.submit(fn, item)) for item in items))]
