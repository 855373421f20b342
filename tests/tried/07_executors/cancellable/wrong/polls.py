# cause: más tarde que `work`
async def cancellable(work):
    stop = threading.Event()
    job = asyncio.create_task(asyncio.to_thread(work, stop))
    try:
        return await asyncio.shield(job)
    except asyncio.CancelledError:
        stop.set()
        while not job.done():
            await asyncio.sleep(0.25)
        job.exception()
        raise
