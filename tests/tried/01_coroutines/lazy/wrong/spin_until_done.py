# cause: no termina
class Lazy:
    def __init__(self, coro):
        self.coro, self.started, self.done, self.value = coro, False, False, None

    async def _get(self):
        if not self.started:
            self.started = True
            self.value = await self.coro
            self.done = True
        while not self.done:
            pass
        return self.value

    def __await__(self):
        return self._get().__await__()
