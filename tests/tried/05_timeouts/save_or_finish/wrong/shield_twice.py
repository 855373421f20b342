# cause: más de una vez
async def save_or_finish(save):
    try:
        return await asyncio.shield(save())
    except asyncio.CancelledError:
        await asyncio.shield(save())
        raise
