# cause: permiso
class RateLimiter:
    def __init__(self, rate, burst=1):
        self.rate, self.sem = rate, asyncio.Semaphore(burst)

    async def acquire(self):
        await self.sem.acquire()
        asyncio.get_running_loop().call_later(1 / self.rate, self.sem.release)
