# cause: M19
# fails: test_with_fallback_b
async def with_fallback(fn, seconds, default):
    try:
        async with asyncio.timeout(seconds):
            return await fn()
    except TimeoutError:
        return default
