class RateLimiter:
    def __init__(self, rate, burst=1):
        self.rate, self.burst = rate, burst
        self.water, self.at = 0.0, 0.0
        self.lock = asyncio.Lock()

    async def acquire(self):
        async with self.lock:
            now = asyncio.get_running_loop().time()
            self.water = max(0.0, self.water - (now - self.at) * self.rate)
            self.at = now
            over = self.water + 1 - self.burst
            if over > 1e-9:
                await asyncio.sleep(over / self.rate)
                self.at = asyncio.get_running_loop().time()
                self.water -= over
            self.water += 1
