class RateLimiter:
    def __init__(self, rate, burst=1):
        self.rate = float(rate)
        self.burst = float(burst)
        self.level = self.burst
        self.stamp = None
        self.gate = asyncio.Semaphore(1)

    def _fill(self, now):
        if self.stamp is None:
            self.stamp = now
        self.level = min(self.burst, self.level + (now - self.stamp) * self.rate)
        self.stamp = now

    async def acquire(self):
        async with self.gate:
            loop = asyncio.get_running_loop()
            self._fill(loop.time())
            while self.level < 1 - 1e-9:
                await asyncio.sleep((1 - self.level) / self.rate)
                self._fill(loop.time())
            self.level -= 1
