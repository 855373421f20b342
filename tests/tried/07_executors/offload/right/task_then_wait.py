async def offload(fn):
    task = asyncio.create_task(asyncio.to_thread(fn), name="hilo")
    await asyncio.wait([task])
    return task.result()
