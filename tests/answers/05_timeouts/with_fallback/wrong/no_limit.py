# cause: nadie le pone un límite
# fails: test_with_fallback_a
async def with_fallback(fn, seconds, default):
    return await fn()
