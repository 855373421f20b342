class RateLimiter:
    def __init__(self, rate, burst=1):
        self.rate = rate
        self.burst = burst
        self.tokens = burst
        self.last_refill = None
        self.lock = asyncio.Lock()

    def refill(self):
        now = asyncio.get_running_loop().time()
        if self.last_refill is not None:
            self.tokens = min(self.burst, self.tokens + (now - self.last_refill) * self.rate)
        self.last_refill = now

    async def acquire(self):
        async with self.lock:
            self.refill()
            while self.tokens < 1 - 1e-9:
                await asyncio.sleep((1 - self.tokens) / self.rate)
                self.refill()
            self.tokens -= 1
