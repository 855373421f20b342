async def cpu_map(pool, fn, items) -> list:
    loop = asyncio.get_running_loop()
    futures = [loop.run_in_executor(pool, fn, item) for item in items]
    try:
        return [await future for future in futures]
    finally:
        await asyncio.gather(*futures, return_exceptions=True)
