# cause: lista vacía
async def cpu_map(pool, fn, items):
    loop = asyncio.get_running_loop()
    futures = [loop.run_in_executor(pool, fn, item) for item in items]
    await asyncio.wait(futures)
    return [future.result() for future in futures]
