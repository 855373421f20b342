# cause: se pierde
async def offload(fn):
    with suppress(Exception):
        return await asyncio.to_thread(fn)
