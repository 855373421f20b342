class RateLimiter:
    def __init__(self, rate, burst=1):
        self.rate, self.burst, self.lock = rate, burst, asyncio.Lock()
        self.virtual = []

    async def acquire(self):
        async with self.lock:
            loop = asyncio.get_running_loop()
            now = loop.time()
            last = self.virtual[-1] if self.virtual else now - 1e9
            finish = max(last, now) + 1 / self.rate
            allowed = finish - self.burst / self.rate
            if allowed > now:
                await asyncio.sleep(allowed - now)
            self.virtual.append(finish)
