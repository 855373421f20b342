async def with_fallback(fn, seconds, default):
    error = None
    value = None

    async def run():
        nonlocal value, error
        try:
            value = await fn()
        except Exception as e:
            error = e

    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            await run()
    except TimeoutError:
        return default
    if error is not None:
        raise error
    return value
