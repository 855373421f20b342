# cause: lanzar
class Lazy:
    def __init__(self, coro):
        self.coro, self.task = coro, None

    async def _get(self):
        if self.task is None:
            self.task = asyncio.create_task(self.coro)
        await asyncio.wait([self.task])
        return self.task.exception() or self.task.result()

    def __await__(self):
        return self._get().__await__()
