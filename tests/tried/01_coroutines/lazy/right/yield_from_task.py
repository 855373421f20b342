class Lazy:
    def __init__(self, coro):
        self.coro = coro

    def __await__(self):
        if not hasattr(self, "task"):
            self.task = asyncio.create_task(self.coro)
        result = yield from self.task
        return result
