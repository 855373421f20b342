# cause: ocultas una excepción que no es tuya
async def with_fallback(fn, seconds, default):
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            return await fn()
    except TimeoutError:
        if limit.expired:
            return default
        raise
