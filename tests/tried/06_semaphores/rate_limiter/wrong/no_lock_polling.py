# cause: sin parar
class RateLimiter:
    def __init__(self, rate, burst=1):
        self.rate, self.burst, self.tokens, self.at = rate, burst, burst, None

    async def acquire(self):
        loop = asyncio.get_running_loop()
        while True:
            now = loop.time()
            if self.at is not None:
                self.tokens = min(self.burst, self.tokens + (now - self.at) * self.rate)
            self.at = now
            if self.tokens >= 1:
                self.tokens -= 1
                return
            await asyncio.sleep(0)
