# cause: orden de llegada
class RateLimiter:
    def __init__(self, rate, burst=1):
        self.rate, self.burst, self.tokens, self.at = rate, burst, burst, None
        self.stack, self.handle = [], None

    def _serve(self):
        loop = asyncio.get_running_loop()
        now = loop.time()
        if self.at is not None:
            self.tokens = min(self.burst, self.tokens + (now - self.at) * self.rate)
        self.at, self.handle = now, None
        while self.stack and self.tokens >= 1 - 1e-9:
            future = self.stack.pop()
            if not future.done():
                future.set_result(None)
                self.tokens -= 1
        if self.stack:
            self.handle = loop.call_later((1 - self.tokens) / self.rate, self._serve)

    async def acquire(self):
        future = asyncio.get_running_loop().create_future()
        self.stack.append(future)
        if self.handle is None:
            self._serve()
        await future
