# cause: no devuelve la respuesta de la original
# fails: test_async_retry_a
def async_retry(max_attempts, base_delay, max_delay, on, rng):
    if max_attempts < 1:
        raise ValueError(max_attempts)

    def decorator(func):
        @wraps(func)
        async def wrapper(*args, **kwargs):
            for attempt in range(max_attempts):
                try:
                    await func(*args, **kwargs)
                    return args[0] if args else None
                except on:
                    if attempt == max_attempts - 1:
                        raise
                await asyncio.sleep(min(base_delay * 2**attempt * (0.5 + rng()), max_delay))

        return wrapper

    return decorator
