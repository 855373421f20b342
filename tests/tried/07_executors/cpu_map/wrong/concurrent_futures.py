# cause: futuros
async def cpu_map(pool, fn, items):
    return [pool.submit(fn, item) for item in items]
