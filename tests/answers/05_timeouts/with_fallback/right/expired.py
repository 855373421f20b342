async def with_fallback(fn, seconds, default):
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            result = await fn()
    except TimeoutError:
        if limit.expired():
            return default
        raise
    else:
        return result
