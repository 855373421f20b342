# cause: __await__
class Lazy:
    def __init__(self, coro):
        self.coro, self.task = coro, None

    def __call__(self):
        if self.task is None:
            self.task = asyncio.create_task(self.coro)
        return self.task
