# cause: ocultas una excepción que no es tuya
async def with_fallback(fn, seconds, default):
    try:
        return await asyncio.wait_for(fn(), seconds)
    except:
        return default
