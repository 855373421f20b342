# cause: no corren a la vez
async def cpu_map(pool, fn, items):
    loop, gate = asyncio.get_running_loop(), asyncio.Semaphore(2)

    async def one(item):
        async with gate:
            return await loop.run_in_executor(pool, fn, item)

    return list(await asyncio.gather(*(one(item) for item in items)))
