# cause: M07
async def offload(fn):
    return await fn()
