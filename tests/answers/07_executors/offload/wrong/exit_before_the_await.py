# cause: E39
# fails: test_offload_a
async def offload(fn):
    with ThreadPoolExecutor() as pool:
        future = asyncio.get_running_loop().run_in_executor(pool, fn)
    return await future
