# cause: nadie rellena el cubo
class RateLimiter:
    def __init__(self, rate, burst=1):
        self.semaphore = asyncio.Semaphore(burst)

    async def acquire(self):
        await self.semaphore.acquire()
