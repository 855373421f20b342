# cause: M19
# fails: test_with_fallback_b
async def with_fallback(fn, seconds, default):
    try:
        return await asyncio.wait_for(fn(), timeout=seconds)
    except asyncio.TimeoutError:
        return default
