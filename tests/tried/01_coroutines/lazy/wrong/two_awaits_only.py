# cause: None
class Lazy:
    def __init__(self, coro):
        self.coro, self.n = coro, 0
        self.task = None

    async def _get(self):
        self.n += 1
        if self.task is None:
            self.task = asyncio.create_task(self.coro)
        if self.n < 25:
            return await self.task

    def __await__(self):
        return self._get().__await__()
