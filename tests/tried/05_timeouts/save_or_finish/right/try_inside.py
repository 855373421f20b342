async def save_or_finish(save):
    task = asyncio.create_task(save())
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        try:
            await task
        except Exception as error:
            print("save falló:", error)
        raise
