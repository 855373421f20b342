# cause: espera a que acabe
async def with_fallback(fn, seconds, default):
    task = asyncio.create_task(fn())
    try:
        done, _ = await asyncio.wait([task], timeout=seconds)
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.sleep(0)
        raise
    if not done:
        task.cancel()
        await asyncio.wait([task])
        return default
    return task.result()
