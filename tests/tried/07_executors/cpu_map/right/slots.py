async def cpu_map(pool, fn, items):
    loop = asyncio.get_running_loop()
    results = [None] * len(items)

    async def fill(i, item):
        results[i] = await loop.run_in_executor(pool, fn, item)

    await asyncio.gather(*(fill(i, item) for i, item in enumerate(items)))
    return results
