# cause: iterador
class Lazy:
    def __init__(self, coro):
        self.coro, self.task = coro, None

    def __await__(self):
        if self.task is None:
            self.task = asyncio.create_task(self.coro)
        return self.task
