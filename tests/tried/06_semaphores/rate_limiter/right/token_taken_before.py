class RateLimiter:
    def __init__(self, rate, burst=1):
        self.rate, self.burst, self.tokens, self.at, self.lock = rate, burst, burst, None, asyncio.Lock()

    async def acquire(self):
        async with self.lock:
            now = asyncio.get_running_loop().time()
            if self.at is not None:
                self.tokens = min(self.burst, self.tokens + (now - self.at) * self.rate)
            self.at = now
            self.tokens -= 1
            if self.tokens < -1e-9:
                await asyncio.sleep(-self.tokens / self.rate)
