# cause: esperas a `fn` hasta el final
async def with_fallback(fn, seconds, default):
    loop = asyncio.get_running_loop()
    start = loop.time()
    result = await fn()
    return result if loop.time() - start <= seconds else default
