async def save_or_finish(save):
    task = asyncio.create_task(save())
    try:
        return await asyncio.shield(task)
    finally:
        if not task.done():
            await asyncio.wait({task})
