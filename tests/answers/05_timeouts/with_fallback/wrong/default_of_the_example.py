# cause: no devuelves el `default` que te dieron
# fails: test_with_fallback_a
async def with_fallback(fn, seconds, default):
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            return await fn()
    except TimeoutError:
        if not limit.expired():
            raise
        return "nada"
