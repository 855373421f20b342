async def cancellable(work):
    stop = threading.Event()
    job = asyncio.wrap_future(ThreadPoolExecutor(1).submit(work, stop))
    try:
        return await asyncio.shield(job)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait([job])
        raise
