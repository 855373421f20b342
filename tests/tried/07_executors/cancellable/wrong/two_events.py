# cause: nadie activa `stop`
async def cancellable(work):
    job = asyncio.create_task(asyncio.to_thread(work, threading.Event()))
    try:
        return await asyncio.shield(job)
    except asyncio.CancelledError:
        threading.Event().set()
        await asyncio.wait([job])
        raise
