class RateLimiter:
    def __init__(self, rate, burst=1):
        self.step, self.slack, self.tat = 1 / rate, (burst - 1) / rate, None

    async def acquire(self):
        loop = asyncio.get_running_loop()
        now = loop.time()
        tat = now if self.tat is None else max(now, self.tat)
        self.tat = tat + self.step
        delay = tat - self.slack - now
        if delay > 0:
            await asyncio.sleep(delay)
