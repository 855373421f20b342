# cause: tragas la cancelación
async def with_fallback(fn, seconds, default):
    task = asyncio.create_task(fn())
    try:
        await asyncio.wait([task], timeout=seconds)
    except asyncio.CancelledError:
        pass
    if task.done():
        return task.result()
    task.cancel()
    await asyncio.wait([task])
    return default
