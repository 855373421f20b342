# cause: se llevó el turno
class RateLimiter:
    def __init__(self, rate, burst=1):
        self.rate, self.burst, self.tokens, self.at, self.lock = rate, burst, burst, None, asyncio.Lock()

    async def acquire(self):
        await self.lock.acquire()
        while True:
            now = asyncio.get_running_loop().time()
            if self.at is not None:
                self.tokens = min(self.burst, self.tokens + (now - self.at) * self.rate)
            self.at = now
            if self.tokens >= 1 - 1e-9:
                self.tokens -= 1
                self.lock.release()
                return
            await asyncio.sleep((1 - self.tokens) / self.rate)
