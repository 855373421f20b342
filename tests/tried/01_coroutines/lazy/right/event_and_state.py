class Lazy:
    def __init__(self, coro):
        self.coro, self.started = coro, False
        self.finished = asyncio.Event()
        self.value = self.error = None

    async def _wait(self):
        if not self.started:
            self.started = True
            try:
                self.value = await self.coro
            except Exception as error:
                self.error = error
            self.finished.set()
        await self.finished.wait()
        if self.error is not None:
            raise self.error
        return self.value

    def __await__(self):
        return self._wait().__await__()
