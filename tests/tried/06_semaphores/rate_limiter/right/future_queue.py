from collections import deque


class RateLimiter:
    def __init__(self, rate, burst=1):
        self.rate, self.burst, self.tokens, self.last = rate, burst, burst, None
        self.waiting, self.handle = deque(), None

    def _refill(self):
        now = asyncio.get_running_loop().time()
        if self.last is not None:
            self.tokens = min(self.burst, self.tokens + (now - self.last) * self.rate)
        self.last = now

    def _serve(self):
        self.handle = None
        self._refill()
        while self.waiting and self.tokens >= 1 - 1e-9:
            future = self.waiting.popleft()
            if not future.done():
                future.set_result(None)
                self.tokens -= 1
        while self.waiting and self.waiting[0].done():
            self.waiting.popleft()
        if self.waiting:
            self.handle = asyncio.get_running_loop().call_later((1 - self.tokens) / self.rate, self._serve)

    async def acquire(self):
        future = asyncio.get_running_loop().create_future()
        self.waiting.append(future)
        if self.handle is None:
            self._serve()
        await future
