# cause: tras la pausa el cubo guarda más
class RateLimiter:
    def __init__(self, rate, burst=1):
        self.rate, self.tokens, self.at, self.lock = rate, burst, None, asyncio.Lock()

    async def acquire(self):
        async with self.lock:
            while True:
                now = asyncio.get_running_loop().time()
                if self.at is not None:
                    self.tokens += (now - self.at) * self.rate
                self.at = now
                if self.tokens >= 1 - 1e-9:
                    self.tokens -= 1
                    return
                await asyncio.sleep((1 - self.tokens) / self.rate)
