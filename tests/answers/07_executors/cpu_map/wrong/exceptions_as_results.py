# cause: no sale de `cpu_map`
# fails: test_cpu_map_c
async def cpu_map(pool, fn, items) -> list:
    loop = asyncio.get_running_loop()
    futures = [loop.run_in_executor(pool, fn, item) for item in items]
    return list(await asyncio.gather(*futures, return_exceptions=True))
