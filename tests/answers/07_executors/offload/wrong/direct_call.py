# cause: M10
# fails: test_offload_a
async def offload(fn):
    return fn()
