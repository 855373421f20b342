def async_retry(max_attempts, base_delay, max_delay, on, rng):
    def decorator(func):
        if max_attempts < 1:
            raise ValueError("max_attempts")
        async def go(k, args, kwargs):
            try:
                return await func(*args, **kwargs)
            except on:
                if k == max_attempts - 1:
                    raise
            await asyncio.sleep(min(max_delay, base_delay * (1 << k) * (0.5 + rng())))
            return await go(k + 1, args, kwargs)
        @wraps(func)
        async def wrapper(*args, **kwargs):
            return await go(0, args, kwargs)
        return wrapper
    return decorator
