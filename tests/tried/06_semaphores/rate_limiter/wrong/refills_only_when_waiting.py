# cause: tras la pausa el cubo no está lleno
class RateLimiter:
    def __init__(self, rate, burst=1):
        self.rate, self.tokens, self.lock = rate, burst, asyncio.Lock()

    async def acquire(self):
        async with self.lock:
            if self.tokens >= 1:
                self.tokens -= 1
                return
            await asyncio.sleep(1 / self.rate)
