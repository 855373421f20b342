async def save_or_finish(save):
    task = asyncio.create_task(save())
    try:
        await asyncio.wait([task])
    finally:
        if not task.done():
            await asyncio.wait([task])
    return task.result()
