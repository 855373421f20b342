async def cancellable(work):
    stop = threading.Event()
    job = asyncio.ensure_future(run_in_threadpool(work, stop))
    try:
        return await asyncio.shield(job)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait([job])
        raise
