# cause: ocultas una excepción que no es tuya
from contextlib import suppress


async def with_fallback(fn, seconds, default):
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            return await fn()
    return default
