# cause: huérfana
async def save_or_finish(save):
    task = asyncio.create_task(save())
    try:
        return await asyncio.shield(task)
    except Exception:
        await asyncio.wait([task])
        raise
