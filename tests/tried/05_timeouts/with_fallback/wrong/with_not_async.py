# cause: ¿falta `async`
async def with_fallback(fn, seconds, default):
    try:
        with asyncio.timeout(seconds) as limit:
            return await fn()
    except TimeoutError:
        if not limit.expired():
            raise
        return default
