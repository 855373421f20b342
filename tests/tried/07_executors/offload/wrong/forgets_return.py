# cause: return
async def offload(fn):
    await asyncio.to_thread(fn)
