class Lazy:
    def __init__(self, coro):
        self.awaitable = coro

    def __await__(self):
        self.awaitable = asyncio.ensure_future(self.awaitable)
        return (yield from self.awaitable)
