# cause: se pierde
async def cancellable(work):
    stop = threading.Event()
    job = asyncio.create_task(asyncio.to_thread(work, stop))
    try:
        await asyncio.wait([job])
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait([job])
        raise
    return job.result() if job.exception() is None else None
