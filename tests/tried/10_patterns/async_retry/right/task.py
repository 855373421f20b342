def async_retry(max_attempts, base_delay, max_delay, on, rng):
    if max_attempts < 1:
        raise ValueError("max_attempts")
    def decorator(func):
        @wraps(func)
        async def wrapper(*args, **kwargs):
            for k in range(max_attempts):
                task = asyncio.ensure_future(func(*args, **kwargs))
                try:
                    return await task
                except on as error:
                    if k + 1 == max_attempts:
                        raise error
                await asyncio.sleep(min(base_delay * 2**k * (0.5 + rng()), max_delay))
        return wrapper
    return decorator
