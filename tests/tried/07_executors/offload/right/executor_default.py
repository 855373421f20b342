async def offload(fn):
    return await asyncio.get_running_loop().run_in_executor(None, lambda: fn())
