# cause: ¿usas ese parámetro?
async def with_fallback(fn, seconds, default):
    limit = asyncio.timeout(seconds * 2)
    try:
        async with limit:
            return await fn()
    except TimeoutError:
        if not limit.expired():
            raise
        return default
