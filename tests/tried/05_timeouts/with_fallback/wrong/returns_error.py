# cause: la excepción de `fn` no sale
async def with_fallback(fn, seconds, default):
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            return await fn()
    except TimeoutError as error:
        return default if limit.expired() else error
    except Exception as error:
        return error
