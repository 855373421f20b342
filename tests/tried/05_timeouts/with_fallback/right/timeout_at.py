async def with_fallback(fn, seconds, default):
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout_at(loop.time() + seconds) as scope:
            result = await fn()
    except TimeoutError:
        if scope.expired():
            result = default
        else:
            raise
    return result
