# cause: cierras un pool que no es tuyo
# fails: test_cpu_map_c
async def cpu_map(pool, fn, items) -> list:
    loop = asyncio.get_running_loop()
    with pool:
        return list(await asyncio.gather(*(loop.run_in_executor(pool, fn, item) for item in items)))
