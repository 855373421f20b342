# cause: devuelves futuros
async def cpu_map(pool, fn, items) -> list:
    loop = asyncio.get_running_loop()
    return [loop.run_in_executor(pool, fn, item) for item in items]
