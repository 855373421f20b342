# cause: M04
class Lazy:
    def __init__(self, coro):
        self.coro, self.done, self.value, self.error = coro, False, None, None
        self.lock = asyncio.Lock()

    async def _get(self):
        async with self.lock:
            if not self.done:
                try:
                    self.value = await self.coro
                except ValueError as error:
                    self.error = error
                self.done = True
        if self.error:
            raise self.error
        return self.value

    def __await__(self):
        return self._get().__await__()
