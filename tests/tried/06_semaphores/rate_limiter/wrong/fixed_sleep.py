# cause: los `burst` primeros esperan
class RateLimiter:
    def __init__(self, rate, burst=1):
        self.rate, self.lock = rate, asyncio.Lock()

    async def acquire(self):
        async with self.lock:
            await asyncio.sleep(1 / self.rate)
