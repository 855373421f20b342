# cause: una `lambda` o una función local no viaja a otro proceso
async def cpu_map(pool, fn, items) -> list:
    loop = asyncio.get_running_loop()
    return list(await asyncio.gather(*(loop.run_in_executor(pool, lambda item=item: fn(item)) for item in items)))
