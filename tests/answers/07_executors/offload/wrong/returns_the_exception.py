# cause: en vez de lanzarla
# fails: test_offload_b
async def offload(fn):
    return (await asyncio.gather(asyncio.to_thread(fn), return_exceptions=True))[0]
