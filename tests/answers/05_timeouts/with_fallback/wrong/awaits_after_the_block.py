# cause: nadie le pone un límite
# fails: test_with_fallback_a
async def with_fallback(fn, seconds, default):
    coro = fn()
    try:
        async with asyncio.timeout(seconds) as limit:
            pass
        return await coro
    except TimeoutError:
        if not limit.expired():
            raise
        return default
