class RateLimiter:
    def __init__(self, rate, burst=1):
        self.rate, self.burst, self.tokens, self.at = rate, burst, burst, None
        self.condition = asyncio.Condition()

    async def acquire(self):
        async with self.condition:
            clock = asyncio.get_running_loop().time
            if self.at is None:
                self.at = clock()
            while True:
                now = clock()
                self.tokens, self.at = min(self.burst, self.tokens + self.rate * (now - self.at)), now
                missing = 1 - self.tokens
                if missing <= 1e-9:
                    break
                await asyncio.sleep(missing / self.rate)
            self.tokens -= 1
