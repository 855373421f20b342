# cause: un solo trabajo
async def cpu_map(pool, fn, items) -> list:
    return await asyncio.get_running_loop().run_in_executor(pool, fn, items)
