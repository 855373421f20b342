# cause: E39
# fails: test_offload_a
async def offload(fn):
    return ThreadPoolExecutor(1).submit(fn).result()
