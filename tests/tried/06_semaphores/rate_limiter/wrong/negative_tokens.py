# cause: sin esperar
class RateLimiter:
    def __init__(self, rate, burst=1):
        self.rate, self.burst, self.tokens = rate, burst, burst

    async def acquire(self):
        if self.tokens < 1:
            return
        self.tokens -= 1
