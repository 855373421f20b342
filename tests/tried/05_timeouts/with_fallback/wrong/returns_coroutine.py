# cause: falta `await`
async def with_fallback(fn, seconds, default):
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            return fn()
    except TimeoutError:
        if not limit.expired():
            raise
        return default
