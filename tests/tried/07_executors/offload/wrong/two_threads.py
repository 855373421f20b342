# cause: hacen cola
POOL = ThreadPoolExecutor(2)


async def offload(fn):
    return await asyncio.get_running_loop().run_in_executor(POOL, fn)
