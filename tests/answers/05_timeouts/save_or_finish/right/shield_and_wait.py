async def save_or_finish(save):
    task = asyncio.ensure_future(save())
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
