class Lazy:
    def __init__(self, coro):
        self.coro, self.lock, self.outcome = coro, asyncio.Lock(), None

    async def _get(self):
        async with self.lock:
            if self.outcome is None:
                try:
                    self.outcome = ("ok", await self.coro)
                except Exception as error:
                    self.outcome = ("error", error)
        kind, value = self.outcome
        if kind == "error":
            raise value
        return value

    def __await__(self):
        return self._get().__await__()
