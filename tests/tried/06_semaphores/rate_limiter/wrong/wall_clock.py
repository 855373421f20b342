# cause: reloj del bucle
import datetime


class RateLimiter:
    def __init__(self, rate, burst=1):
        self.rate, self.burst, self.tokens = rate, burst, burst
        self.at, self.lock = datetime.datetime.now().timestamp(), asyncio.Lock()

    async def acquire(self):
        async with self.lock:
            while True:
                now = datetime.datetime.now().timestamp()
                self.tokens = min(self.burst, self.tokens + (now - self.at) * self.rate)
                self.at = now
                if self.tokens >= 1 - 1e-9:
                    self.tokens -= 1
                    return
                await asyncio.sleep((1 - self.tokens) / self.rate)
