async def cancellable(work):
    stop = threading.Event()
    job = asyncio.create_task(asyncio.to_thread(work, stop), name="job")
    cancelled = None
    while True:
        try:
            await asyncio.wait({job})
            break
        except asyncio.CancelledError as error:
            cancelled = error
            stop.set()
    if cancelled:
        if not job.cancelled():
            job.exception()
        raise cancelled
    return job.result()
