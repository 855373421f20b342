# cause: dos limitadores
class RateLimiter:
    tokens = None

    def __init__(self, rate, burst=1):
        self.rate, self.burst, self.at, self.lock = rate, burst, None, asyncio.Lock()
        if RateLimiter.tokens is None:
            RateLimiter.tokens = burst

    async def acquire(self):
        async with self.lock:
            while True:
                now = asyncio.get_running_loop().time()
                passed = 0 if self.at is None else now - self.at
                RateLimiter.tokens = min(self.burst, RateLimiter.tokens + passed * self.rate)
                self.at = now
                if RateLimiter.tokens >= 1 - 1e-9:
                    RateLimiter.tokens -= 1
                    return
                await asyncio.sleep((1 - RateLimiter.tokens) / self.rate)
