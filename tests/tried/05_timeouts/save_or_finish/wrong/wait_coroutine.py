# cause: `asyncio.wait` quiere tareas
async def save_or_finish(save):
    coro = save()
    try:
        return await asyncio.shield(coro)
    except asyncio.CancelledError:
        await asyncio.wait([coro])
        raise
