# cause: ocultas una excepción que no es tuya
async def with_fallback(fn, seconds, default):
    try:
        async with asyncio.timeout(seconds):
            return await fn()
    except TimeoutError as error:
        if isinstance(error.__cause__, asyncio.CancelledError):
            return default
        raise
