async def cancellable(work):
    stop = threading.Event()
    job = asyncio.get_running_loop().run_in_executor(None, partial(work, stop))
    over = asyncio.Event()
    job.add_done_callback(lambda _: over.set())
    try:
        await over.wait()
    except asyncio.CancelledError:
        stop.set()
        await over.wait()
        job.exception()
        raise
    return job.result()
