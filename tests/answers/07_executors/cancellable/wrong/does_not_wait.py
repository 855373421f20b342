# cause: no esperas a que el hilo termine
# fails: test_cancellable_a
async def cancellable(work):
    stop = threading.Event()
    try:
        return await asyncio.to_thread(work, stop)
    finally:
        stop.set()
