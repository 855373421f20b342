# cause: no esperas a que el hilo termine
async def cancellable(work):
    stop = threading.Event()
    try:
        return await asyncio.to_thread(work, stop)
    finally:
        stop.set()
