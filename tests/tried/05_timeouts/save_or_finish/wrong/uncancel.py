# cause: tragas la cancelación
async def save_or_finish(save):
    task = asyncio.create_task(save())
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        asyncio.current_task().uncancel()
        await asyncio.wait([task])
        return task.result()
