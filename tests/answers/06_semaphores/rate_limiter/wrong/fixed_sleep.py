# cause: alguien espera de más
# fails: test_rate_limiter_a
class RateLimiter:
    def __init__(self, rate, burst=1):
        self.rate, self.burst, self.tokens = rate, burst, float(burst)
        self.last_refill = asyncio.get_running_loop().time()
        self.lock = asyncio.Lock()

    async def acquire(self):
        loop = asyncio.get_running_loop()
        async with self.lock:
            while True:
                now = loop.time()
                self.tokens = min(self.burst, self.tokens + (now - self.last_refill) * self.rate)
                self.last_refill = now
                if self.tokens >= 1 - 1e-9:
                    self.tokens -= 1
                    return
                await asyncio.sleep(1 / self.rate)
