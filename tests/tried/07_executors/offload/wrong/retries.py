# cause: más de una vez
async def offload(fn):
    await asyncio.to_thread(fn)
    return await asyncio.to_thread(fn)
