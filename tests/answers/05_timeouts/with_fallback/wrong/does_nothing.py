# cause: no llamas a `fn`
async def with_fallback(fn, seconds, default):
    return default
