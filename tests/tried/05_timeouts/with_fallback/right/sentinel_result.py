MISSING = object()


async def with_fallback(fn, seconds, default):
    result = MISSING
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            result = await fn()
    except TimeoutError:
        if not limit.expired():
            raise
    return default if result is MISSING else result
