# cause: error
class Lazy:
    def __init__(self, coro):
        self.coro, self.task = coro, None

    async def _get(self):
        first = self.task is None
        if first:
            self.task = asyncio.create_task(self.coro)
        try:
            return await self.task
        except Exception:
            if first:
                raise

    def __await__(self):
        return self._get().__await__()
