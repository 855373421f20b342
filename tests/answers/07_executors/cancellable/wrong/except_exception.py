# cause: M20
# fails: test_cancellable_a
async def cancellable(work):
    stop = threading.Event()
    try:
        return await asyncio.to_thread(work, stop)
    except Exception:
        stop.set()
        raise
