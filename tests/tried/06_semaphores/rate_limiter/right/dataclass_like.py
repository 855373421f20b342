class RateLimiter:
    def __init__(self, rate: float, burst: int = 1) -> None:
        self.rate, self.burst, self._tokens, self._then = rate, burst, burst, None
        self._turn = asyncio.Lock()

    @property
    def tokens(self):
        now = asyncio.get_running_loop().time()
        passed = 0 if self._then is None else now - self._then
        self._then = now
        self._tokens = min(self._tokens + passed * self.rate, self.burst)
        return self._tokens

    async def acquire(self):
        await self._turn.acquire()
        try:
            while (have := self.tokens) < 1 - 1e-9:
                await asyncio.sleep((1 - have) / self.rate)
            self._tokens -= 1
        finally:
            self._turn.release()
