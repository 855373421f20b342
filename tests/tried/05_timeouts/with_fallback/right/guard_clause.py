async def with_fallback(fn, seconds, default):
    cm = asyncio.timeout(seconds)
    try:
        async with cm:
            return await fn()
    except TimeoutError as error:
        if cm.expired():
            return default
        raise error
