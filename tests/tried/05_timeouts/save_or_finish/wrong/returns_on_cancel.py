# cause: tragas la cancelación
async def save_or_finish(save):
    task = asyncio.create_task(save())
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
    return task.result()
