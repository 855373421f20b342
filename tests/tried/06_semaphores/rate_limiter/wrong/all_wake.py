# cause: la misma ficha
class RateLimiter:
    def __init__(self, rate, burst=1):
        self.rate, self.burst, self.tokens, self.at = rate, burst, burst, None

    async def acquire(self):
        now = asyncio.get_running_loop().time()
        if self.at is not None:
            self.tokens = min(self.burst, self.tokens + (now - self.at) * self.rate)
        self.at = now
        if self.tokens < 1:
            await asyncio.sleep((1 - self.tokens) / self.rate)
            return
        self.tokens -= 1
