# cause: son funciones normales
async def async_retry(max_attempts, base_delay, max_delay, on, rng):
    async def decorator(func):
        return await func()

    return decorator
