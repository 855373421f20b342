# cause: una función local no viaja a otro proceso
async def offload(fn):
    with ProcessPoolExecutor(1) as pool:
        return await asyncio.get_running_loop().run_in_executor(pool, fn)
