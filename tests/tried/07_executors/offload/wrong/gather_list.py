# cause: una lista
async def offload(fn):
    results = await asyncio.gather(asyncio.to_thread(fn))
    return results
