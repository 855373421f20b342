# cause: empieza tarde
async def save_or_finish(save):
    await asyncio.sleep(0.25)
    task = asyncio.create_task(save())
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
