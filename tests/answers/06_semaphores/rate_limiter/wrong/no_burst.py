# cause: los `burst` primeros esperan
# fails: test_rate_limiter_a, test_rate_limiter_b
class RateLimiter:
    def __init__(self, rate, burst=1):
        self.interval, self.next_at = 1 / rate, 0.0

    async def acquire(self):
        now = asyncio.get_running_loop().time()
        at = max(self.next_at, now)
        self.next_at = at + self.interval
        await asyncio.sleep(at - now)
