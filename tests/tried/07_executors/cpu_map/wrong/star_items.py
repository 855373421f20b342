# cause: le pasas más
async def cpu_map(pool, fn, items):
    return await asyncio.get_running_loop().run_in_executor(pool, fn, *items)
