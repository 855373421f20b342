# cause: orden de llegada
async def cpu_map(pool, fn, items):
    loop = asyncio.get_running_loop()
    futures = [loop.run_in_executor(pool, fn, item) for item in items]
    return [await future for future in asyncio.as_completed(futures)]
