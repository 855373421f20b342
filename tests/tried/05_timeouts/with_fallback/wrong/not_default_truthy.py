# cause: un resultado falso
async def with_fallback(fn, seconds, default):
    value = None
    try:
        async with asyncio.timeout(seconds) as limit:
            value = await fn()
    except TimeoutError:
        if not limit.expired():
            raise
    if not value:
        return default
    return value
