from contextlib import suppress
def async_retry(max_attempts, base_delay, max_delay, on, rng):
    if max_attempts < 1:
        raise ValueError("uno o más")
    def decorator(func):
        @wraps(func)
        async def wrapper(*args, **kwargs):
            for k in range(max_attempts - 1):
                with suppress(*on):
                    return await func(*args, **kwargs)
                await asyncio.sleep(min(base_delay * 2.0**k * (0.5 + rng()), max_delay))
            return await func(*args, **kwargs)
        return wrapper
    return decorator
