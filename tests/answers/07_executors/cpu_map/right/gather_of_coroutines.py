async def cpu_map(pool, fn, items) -> list:
    loop = asyncio.get_running_loop()

    async def call(item):
        return await loop.run_in_executor(pool, fn, item)

    return list(await asyncio.gather(*map(call, items)))
