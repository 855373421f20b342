# cause: una corrutina se espera una sola vez
async def save_or_finish(save):
    coro = save()
    try:
        return await asyncio.shield(coro)
    except asyncio.CancelledError:
        await coro
        raise
