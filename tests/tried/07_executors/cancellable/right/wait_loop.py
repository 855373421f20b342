async def cancellable(work):
    stop, job = threading.Event(), None
    job = asyncio.ensure_future(asyncio.to_thread(work, stop))
    try:
        await asyncio.wait([job])
    except asyncio.CancelledError:
        stop.set()
        while not job.done():
            await asyncio.wait([job])
        job.exception()
        raise
    return job.result()
