# cause: devuelves la excepción
def async_retry(max_attempts, base_delay, max_delay, on, rng):
    if max_attempts < 1:
        raise ValueError("max_attempts debe ser 1 o más")

    def decorator(func):
        @wraps(func)
        async def wrapper(*args, **kwargs):
            for attempt in range(max_attempts):
                try:
                    return await func(*args, **kwargs)
                except on as error:
                    if attempt == max_attempts - 1:
                        return error
                    delay = min(base_delay * 2**attempt * (0.5 + rng()), max_delay)
                await asyncio.sleep(delay)

        return wrapper

    return decorator
