# cause: None
class Lazy:
    def __init__(self, coro):
        self.coro = coro

    async def _get(self):
        coro, self.coro = self.coro, None
        if coro:
            return await coro

    def __await__(self):
        return self._get().__await__()
