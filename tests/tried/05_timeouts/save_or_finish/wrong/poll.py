# cause: ya ha terminado y tú sigues
async def save_or_finish(save):
    task = asyncio.create_task(save())
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            await asyncio.sleep(0.7)
        raise
