async def cpu_map(pool, fn, items):
    def run():
        return list(pool.map(fn, items))

    return await asyncio.to_thread(run)
