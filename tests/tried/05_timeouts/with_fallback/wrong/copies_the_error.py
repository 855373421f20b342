# cause: una copia de la excepción
async def with_fallback(fn, seconds, default):
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            return await fn()
    except TimeoutError as error:
        if limit.expired():
            return default
        raise TimeoutError(str(error))
