class RateLimiter:
    def __init__(self, rate, burst=1):
        self.interval, self.last = 1 / rate, 0.0
        self.tokens = asyncio.Semaphore(burst)

    async def acquire(self):
        await self.tokens.acquire()
        loop = asyncio.get_running_loop()
        self.last = max(self.last, loop.time()) + self.interval
        loop.call_at(self.last, self.tokens.release)
