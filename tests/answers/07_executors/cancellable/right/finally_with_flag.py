async def cancellable(work):
    stop = threading.Event()
    job = asyncio.ensure_future(asyncio.to_thread(work, stop))
    try:
        await asyncio.wait([job])
    finally:
        if not job.done():
            stop.set()
            await asyncio.wait([job])
    return job.result()
