async def offload(fn):
    return await run_in_threadpool(fn)
