# cause: vacío
async def offload(fn):
    result = await asyncio.to_thread(fn)
    return result or "sin resultado"
