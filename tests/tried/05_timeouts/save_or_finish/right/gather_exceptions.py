async def save_or_finish(save):
    task = asyncio.ensure_future(save())
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError as cancelled:
        await asyncio.gather(task, return_exceptions=True)
        raise cancelled
