# cause: ocupa el lugar de la cancelación
async def save_or_finish(save):
    task = asyncio.create_task(save())
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise
