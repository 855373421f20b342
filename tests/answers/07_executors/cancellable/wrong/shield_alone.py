# cause: M20
# fails: test_cancellable_a
async def cancellable(work):
    stop = threading.Event()
    return await asyncio.shield(asyncio.to_thread(work, stop))
