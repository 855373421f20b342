# cause: duermes también después del último fallo
# fails: test_async_retry_b, test_async_retry_c
def async_retry(max_attempts, base_delay, max_delay, on, rng):
    if max_attempts < 1:
        raise ValueError(max_attempts)

    def decorator(func):
        @wraps(func)
        async def wrapper(*args, **kwargs):
            for attempt in range(max_attempts):
                try:
                    return await func(*args, **kwargs)
                except on as error:
                    last = error
                await asyncio.sleep(min(base_delay * 2**attempt * (0.5 + rng()), max_delay))
            raise last

        return wrapper

    return decorator
