# cause: `fn` sigue viva
# fails: test_with_fallback_a, test_with_fallback_b
async def with_fallback(fn, seconds, default):
    try:
        async with asyncio.timeout(seconds) as limit:
            return await asyncio.shield(fn())
    except TimeoutError:
        if not limit.expired():
            raise
        return default
