# cause: tu propio proceso
async def cpu_map(pool, fn, items):
    return list(await asyncio.gather(*(asyncio.to_thread(fn, item) for item in items)))
