# cause: hacen cola
# fails: test_offload_a
pool = ThreadPoolExecutor(1)


async def offload(fn):
    return await asyncio.get_running_loop().run_in_executor(pool, fn)
