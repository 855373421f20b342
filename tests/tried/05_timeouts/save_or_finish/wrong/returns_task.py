# cause: una tarea
async def save_or_finish(save):
    task = asyncio.create_task(save())
    try:
        await asyncio.shield(task)
        return task
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
