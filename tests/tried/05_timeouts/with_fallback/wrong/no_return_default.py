# cause: devuelves None: ¿falta un `return`?
async def with_fallback(fn, seconds, default):
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            return await fn()
    except TimeoutError:
        if not limit.expired():
            raise
        default
