# cause: cambias la lista
async def cpu_map(pool, fn, items):
    loop, futures = asyncio.get_running_loop(), []
    while items:
        futures.append(loop.run_in_executor(pool, fn, items.pop(0)))
    return list(await asyncio.gather(*futures))
