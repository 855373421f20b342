import functools


def async_retry(max_attempts, base_delay, max_delay, on, rng):
    def decorator(func):
        if max_attempts < 1:
            raise ValueError("max_attempts")

        @functools.wraps(func)
        async def wrapper(*args, **kwargs):
            delay = base_delay
            for left in range(max_attempts - 1, -1, -1):
                try:
                    return await func(*args, **kwargs)
                except Exception as error:
                    if not isinstance(error, on) or not left:
                        raise
                await asyncio.sleep(min(delay * (0.5 + rng()), max_delay))
                delay *= 2

        return wrapper

    return decorator
