# cause: M18
# fails: test_with_fallback_b
async def with_fallback(fn, seconds, default):
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            return await fn()
    except asyncio.CancelledError:
        return default
    except TimeoutError:
        if not limit.expired():
            raise
        return default
