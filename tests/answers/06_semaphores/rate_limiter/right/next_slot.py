class RateLimiter:
    def __init__(self, rate, burst=1):
        self.interval = 1 / rate
        self.burst = burst
        self.full_at = 0.0  # cuándo volverá a estar lleno el cubo

    async def acquire(self):
        loop = asyncio.get_running_loop()
        now = loop.time()
        self.full_at = max(self.full_at, now) + self.interval
        wait = self.full_at - self.burst * self.interval - now
        if wait > 0:
            await asyncio.sleep(wait)
