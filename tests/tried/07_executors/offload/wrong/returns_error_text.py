# cause: en vez de lanzarla
async def offload(fn):
    try:
        return await asyncio.to_thread(fn)
    except Exception as error:
        return str(error)
