# cause: error
class Lazy:
    def __init__(self, coro):
        self.coro, self.task = coro, None

    async def _get(self):
        if self.task is None:
            self.task = asyncio.create_task(self.coro)
        try:
            return await self.task
        except Exception as error:
            raise RuntimeError(str(error))

    def __await__(self):
        return self._get().__await__()
