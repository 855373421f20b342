def async_retry(max_attempts, base_delay, max_delay, on, rng):
    if max_attempts <= 0:
        raise ValueError("al menos una llamada")

    def decorator(func):
        async def attempt(k, args, kwargs):
            try:
                return await func(*args, **kwargs)
            except on:
                if k + 1 == max_attempts:
                    raise
            await asyncio.sleep(min(base_delay * 2**k * (0.5 + rng()), max_delay))
            return await attempt(k + 1, args, kwargs)

        @wraps(func)
        def wrapper(*args, **kwargs):
            return attempt(0, args, kwargs)

        return wrapper

    return decorator
