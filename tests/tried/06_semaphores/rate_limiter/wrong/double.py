# cause: también se rellenó
class RateLimiter:
    def __init__(self, rate, burst=1):
        self.rate, self.burst, self.tokens, self.at, self.lock = rate, burst, burst, None, asyncio.Lock()

    async def acquire(self):
        async with self.lock:
            now = asyncio.get_running_loop().time()
            if self.at is None:
                self.at = now
            self.tokens = min(self.burst, self.tokens + (now - self.at) * self.rate)
            self.at = now
            if self.tokens < 1:
                await asyncio.sleep((1 - self.tokens) / self.rate)
                self.tokens = 1
            self.tokens -= 1
