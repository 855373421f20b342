async def with_fallback(fn, seconds, default):
    async def settled():
        try:
            return True, await fn()
        except Exception as error:
            return False, error

    try:
        ok, value = await asyncio.wait_for(settled(), seconds)
    except TimeoutError:
        return default
    if ok:
        return value
    raise value
