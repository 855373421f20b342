# cause: falta algo delante
async def offload(fn):
    return asyncio.to_thread(fn)
