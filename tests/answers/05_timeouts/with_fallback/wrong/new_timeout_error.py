# cause: en su lugar lanzas otra
# fails: test_with_fallback_b
async def with_fallback(fn, seconds, default):
    try:
        async with asyncio.timeout(seconds) as limit:
            return await fn()
    except TimeoutError:
        if limit.expired():
            return default
        raise TimeoutError from None
