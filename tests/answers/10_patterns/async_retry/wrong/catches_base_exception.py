# cause: M18
# fails: test_async_retry_c
def async_retry(max_attempts, base_delay, max_delay, on, rng):
    if max_attempts < 1:
        raise ValueError(max_attempts)

    def decorator(func):
        @wraps(func)
        async def wrapper(*args, **kwargs):
            for attempt in range(max_attempts):
                try:
                    return await func(*args, **kwargs)
                except BaseException as error:
                    if attempt == max_attempts - 1:
                        raise
                    if isinstance(error, Exception) and not isinstance(error, on):
                        raise
                await asyncio.sleep(min(base_delay * 2**attempt * (0.5 + rng()), max_delay))

        return wrapper

    return decorator
