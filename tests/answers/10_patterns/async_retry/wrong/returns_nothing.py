# cause: falta un `return`
def async_retry(max_attempts, base_delay, max_delay, on, rng):
    def decorator(func):
        @wraps(func)
        async def wrapper(*args, **kwargs):
            return await func(*args, **kwargs)

        return wrapper
