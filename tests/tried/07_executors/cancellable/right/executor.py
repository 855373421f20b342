async def cancellable(work):
    stop = threading.Event()
    job = asyncio.get_running_loop().run_in_executor(None, work, stop)
    try:
        return await asyncio.shield(job)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait([job])
        raise
