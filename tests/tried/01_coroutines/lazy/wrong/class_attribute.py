# cause: instancia
class Lazy:
    task = None

    def __init__(self, coro):
        self.coro = coro

    def __await__(self):
        if Lazy.task is None:
            Lazy.task = asyncio.create_task(self.coro)
        return Lazy.task.__await__()
