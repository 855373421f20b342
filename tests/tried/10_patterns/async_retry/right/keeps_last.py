def async_retry(max_attempts, base_delay, max_delay, on, rng):
    if not max_attempts > 0:
        raise ValueError(max_attempts)
    def decorator(func):
        @wraps(func)
        async def wrapper(*args, **kwargs):
            last, delay = None, base_delay
            for left in reversed(range(max_attempts)):
                try:
                    return await func(*args, **kwargs)
                except Exception as error:
                    if not isinstance(error, tuple(on)):
                        raise
                    last = error
                if left:
                    await asyncio.sleep(min(delay * (0.5 + rng()), max_delay))
                    delay = delay * 2
            raise last
        return wrapper
    return decorator
