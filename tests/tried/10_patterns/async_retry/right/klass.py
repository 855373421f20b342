class async_retry:
    def __init__(self, max_attempts, base_delay, max_delay, on, rng):
        if max_attempts <= 0:
            raise ValueError
        self.n, self.base, self.top, self.on, self.rng = max_attempts, base_delay, max_delay, on, rng
    def delays(self):
        for k in range(self.n - 1):
            yield min(self.base * 2**k * (0.5 + self.rng()), self.top)
    def __call__(self, func):
        async def wrapper(*args, **kwargs):
            delays = self.delays()
            while True:
                try:
                    return await func(*args, **kwargs)
                except self.on:
                    if (delay := next(delays, None)) is None:
                        raise
                    await asyncio.sleep(delay)
        return functools.update_wrapper(wrapper, func)
import functools
