async def cpu_map(pool, fn, items):
    if not items:
        return []
    loop = asyncio.get_running_loop()
    futures = [loop.run_in_executor(pool, fn, item) for item in items]
    done, _ = await asyncio.wait(futures)
    return [future.result() for future in futures]
