# cause: el error también se guarda
# fails: test_lazy_b
class Lazy:
    def __init__(self, coro):
        self.coro = coro
        self.lock = asyncio.Lock()
        self.value = None

    def __await__(self):
        return self._get().__await__()

    async def _get(self):
        async with self.lock:
            if self.coro is not None:
                coro, self.coro = self.coro, None
                self.value = await coro
        return self.value
