# cause: activas `stop` aunque nadie ha cancelado
async def cancellable(work):
    stop = threading.Event()
    job = asyncio.create_task(asyncio.to_thread(work, stop))
    stop.set()
    await asyncio.wait([job])
    return job.result()
