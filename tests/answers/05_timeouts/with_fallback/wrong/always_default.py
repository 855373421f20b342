# cause: aunque `fn` llega a tiempo
# fails: test_with_fallback_a
async def with_fallback(fn, seconds, default):
    try:
        async with asyncio.timeout(seconds) as limit:
            await fn()
    except TimeoutError:
        if not limit.expired():
            raise
    return default
