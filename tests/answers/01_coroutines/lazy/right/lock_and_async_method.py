class Lazy:
    def __init__(self, coro):
        self.coro = coro
        self.lock = asyncio.Lock()

    def __await__(self):
        return self._get().__await__()

    async def _get(self):
        async with self.lock:
            if not hasattr(self, "outcome"):
                try:
                    self.outcome = (await self.coro, None)
                except Exception as error:
                    self.outcome = (None, error)
        value, error = self.outcome
        if error is not None:
            raise error
        return value
