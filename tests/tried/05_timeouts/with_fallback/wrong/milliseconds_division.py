# cause: antes de tiempo
async def with_fallback(fn, seconds, default):
    limit = asyncio.timeout(seconds / 1000)
    try:
        async with limit:
            return await fn()
    except TimeoutError:
        if not limit.expired():
            raise
        return default
