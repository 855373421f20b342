class RateLimiter:
    def __init__(self, rate, burst=1):
        self.every, self.sem, self.next = 1 / rate, asyncio.Semaphore(burst), float("-inf")

    async def acquire(self):
        loop = asyncio.get_running_loop()
        async_acquire = self.sem.acquire()
        await async_acquire
        self.next = max(self.next, loop.time()) + self.every
        loop.call_at(self.next, self.sem.release)
