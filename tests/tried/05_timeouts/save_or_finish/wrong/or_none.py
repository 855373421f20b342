# cause: un resultado falso
async def save_or_finish(save):
    task = asyncio.create_task(save())
    try:
        result = await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
    return result or None
