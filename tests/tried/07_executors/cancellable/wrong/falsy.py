# cause: vacío
async def cancellable(work):
    stop = threading.Event()
    job = asyncio.create_task(asyncio.to_thread(work, stop))
    try:
        return (await asyncio.shield(job)) or "nada"
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait([job])
        raise
