# cause: antes del primer
class Lazy:
    def __init__(self, coro):
        self.coro, self.task = coro, None
        asyncio.get_running_loop().call_later(0.2, self._start)

    def _start(self):
        if self.task is None:
            self.task = asyncio.create_task(self.coro)
        return self.task

    def __await__(self):
        return self._start().__await__()
