# cause: M20
# fails: test_cancellable_a
async def cancellable(work):
    return await asyncio.to_thread(work, threading.Event())
