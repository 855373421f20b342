# cause: M01
async def offload(fn):
    asyncio.to_thread(fn)
