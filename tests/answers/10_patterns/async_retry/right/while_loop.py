def async_retry(max_attempts, base_delay, max_delay, on, rng):
    if max_attempts < 1:
        raise ValueError(max_attempts)

    def decorator(func):
        @wraps(func)
        async def wrapper(*args, **kwargs):
            attempt = 0
            while True:
                try:
                    return await func(*args, **kwargs)
                except on:
                    attempt += 1
                    if attempt >= max_attempts:
                        raise
                    delay = base_delay * 2 ** (attempt - 1) * (0.5 + rng())
                    if delay > max_delay:
                        delay = max_delay
                    await asyncio.sleep(delay)

        return wrapper

    return decorator
