# cause: devuelves un futuro
async def offload(fn):
    return asyncio.get_running_loop().run_in_executor(None, fn)
