import anyio.to_thread


async def offload(fn):
    return await anyio.to_thread.run_sync(fn)
