class async_retry:
    def __init__(self, max_attempts, base_delay, max_delay, on, rng):
        if max_attempts < 1:
            raise ValueError("max_attempts debe ser 1 o más")
        self.max_attempts, self.on = max_attempts, on
        self.delay = lambda k: min(base_delay * 2**k * (0.5 + rng()), max_delay)

    def __call__(self, func):
        @wraps(func)
        async def wrapper(*args, **kwargs):
            for k in range(self.max_attempts - 1):
                try:
                    return await func(*args, **kwargs)
                except self.on:
                    await asyncio.sleep(self.delay(k))
            return await func(*args, **kwargs)

        return wrapper
