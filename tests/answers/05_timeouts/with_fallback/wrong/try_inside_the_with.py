# cause: E27
# cause: M19
# fails: test_with_fallback_a, test_with_fallback_b
async def with_fallback(fn, seconds, default):
    async with asyncio.timeout(seconds):
        try:
            return await fn()
        except TimeoutError:
            return default
