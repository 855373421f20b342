# cause: sin esperar a que haya ficha
class RateLimiter:
    def __init__(self, rate, burst=1):
        self.tokens = burst

    async def acquire(self):
        self.tokens -= 1
