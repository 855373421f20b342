async def offload(fn):
    job = asyncio.create_task(asyncio.to_thread(fn))
    return await job
