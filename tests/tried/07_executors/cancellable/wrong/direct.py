# cause: hilo del bucle
async def cancellable(work):
    stop = threading.Event()
    try:
        return work(stop)
    except asyncio.CancelledError:
        stop.set()
        raise
