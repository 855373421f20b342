class RateLimiter:
    def __init__(self, rate, burst=1):
        self.rate = rate
        self.burst = burst
        self.tokens = burst
        self.last_refill = asyncio.get_running_loop().time()
        self.lock = asyncio.Lock()

    async def acquire(self):
        async with self.lock:
            now = asyncio.get_running_loop().time()
            self.tokens = min(self.burst, self.tokens + (now - self.last_refill) * self.rate)
            self.last_refill = now
            if self.tokens >= 1:
                self.tokens -= 1
                return
            await asyncio.sleep((1 - self.tokens) / self.rate)
            self.tokens = 0
            self.last_refill = asyncio.get_running_loop().time()
