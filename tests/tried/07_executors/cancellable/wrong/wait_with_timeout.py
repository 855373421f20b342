# cause: no esperas a que el hilo termine
async def cancellable(work):
    stop = threading.Event()
    job = asyncio.create_task(asyncio.to_thread(work, stop))
    try:
        return await asyncio.shield(job)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait([job], timeout=0.1)
        raise
