# cause: los `burst` primeros esperan
class RateLimiter:
    def __init__(self, rate, burst=1):
        self.step, self.next = 1 / rate, 0.0

    async def acquire(self):
        now = asyncio.get_running_loop().time()
        self.next = max(self.next, now)
        wait = self.next - now
        self.next += self.step
        await asyncio.sleep(wait)
