# cause: nadie activa `stop`
# fails: test_cancellable_a
async def cancellable(work):
    job = asyncio.create_task(asyncio.to_thread(work, threading.Event()))
    try:
        return await asyncio.shield(job)
    except asyncio.CancelledError:
        await asyncio.wait([job])
        raise
