async def with_fallback(fn, seconds, default):
    own = []

    async def guarded():
        try:
            return await fn()
        except TimeoutError as error:
            own.append(error)
            raise

    try:
        return await asyncio.wait_for(guarded(), seconds)
    except TimeoutError:
        if own:
            raise
        return default
