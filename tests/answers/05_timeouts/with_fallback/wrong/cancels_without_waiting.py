# cause: esperar a que acabe
# fails: test_with_fallback_a
async def with_fallback(fn, seconds, default):
    task = asyncio.create_task(fn())
    try:
        done, _ = await asyncio.wait([task], timeout=seconds)
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.wait([task])
        raise
    if done:
        return task.result()
    task.cancel()
    return default
