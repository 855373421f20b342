from functools import partial, wraps
async def _retry(func, max_attempts, wait, on):
    failures = 0
    while True:
        try:
            return await func()
        except on:
            failures += 1
            if failures == max_attempts:
                raise
        await asyncio.sleep(wait(failures - 1))

def async_retry(max_attempts, base_delay, max_delay, on, rng):
    if max_attempts < 1:
        raise ValueError("max_attempts")
    wait = lambda k: min(base_delay * 2**k * (0.5 + rng()), max_delay)
    def decorator(func):
        @wraps(func)
        def wrapper(*args, **kwargs):
            return _retry(partial(func, *args, **kwargs), max_attempts, wait, on)
        return wrapper
    return decorator
