class Lazy:
    def __init__(self, coro):
        self.coro, self.task = coro, None

    def __await__(self):
        self.task = self.task or asyncio.ensure_future(self.coro)
        return self.task.__await__()
