# cause: aun así recibe su permiso
class RateLimiter:
    def __init__(self, rate, burst=1):
        self.step, self.slack, self.tat = 1 / rate, (burst - 1) / rate, None

    async def acquire(self):
        now = asyncio.get_running_loop().time()
        tat = now if self.tat is None else max(now, self.tat)
        self.tat = tat + self.step
        try:
            await asyncio.sleep(tat - self.slack - now)
        except asyncio.CancelledError:
            return
