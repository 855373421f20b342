# cause: espera de más
class RateLimiter:
    def __init__(self, rate, burst=1):
        self.step, self.slack, self.tat = rate, (burst - 1) * rate, None

    async def acquire(self):
        now = asyncio.get_running_loop().time()
        tat = now if self.tat is None else max(now, self.tat)
        self.tat = tat + self.step
        if tat - self.slack > now:
            await asyncio.sleep(tat - self.slack - now)
