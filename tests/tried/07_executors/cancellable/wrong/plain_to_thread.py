# cause: nadie activa `stop`
async def cancellable(work):
    return await asyncio.to_thread(work, threading.Event())
