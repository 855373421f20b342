async def save_or_finish(save):
    task = asyncio.create_task(save())
    cancelled = False
    try:
        await asyncio.shield(asyncio.wait([task]))
    except asyncio.CancelledError:
        cancelled = True
    if not task.done():
        await asyncio.wait([task])
    if cancelled:
        task.exception()
        raise asyncio.CancelledError()
    return await task
