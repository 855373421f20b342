# cause: más de una vez
async def with_fallback(fn, seconds, default):
    for _ in range(2):
        limit = asyncio.timeout(seconds)
        try:
            async with limit:
                return await fn()
        except TimeoutError:
            if not limit.expired():
                raise
    return default
