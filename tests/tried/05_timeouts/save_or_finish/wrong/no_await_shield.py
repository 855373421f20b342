# cause: futuro
async def save_or_finish(save):
    task = asyncio.create_task(save())
    try:
        return asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
