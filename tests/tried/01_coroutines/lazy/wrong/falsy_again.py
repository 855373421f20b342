# cause: M04
class Lazy:
    def __init__(self, coro):
        self.coro, self.result = coro, None

    async def _get(self):
        if not self.result:
            self.result = await self.coro
        return self.result

    def __await__(self):
        return self._get().__await__()
