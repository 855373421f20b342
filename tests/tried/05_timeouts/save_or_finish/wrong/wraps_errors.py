# cause: en su lugar lanzas otro
async def save_or_finish(save):
    task = asyncio.create_task(save())
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
    except Exception as error:
        raise RuntimeError("no se guardó") from error
