# cause: no puede ser `async def`
# fails: test_lazy_a, test_lazy_b
class Lazy:
    def __init__(self, coro):
        self.coro = coro
        self.task = None

    async def __await__(self):
        if self.task is None:
            self.task = asyncio.create_task(self.coro)
        return await self.task
