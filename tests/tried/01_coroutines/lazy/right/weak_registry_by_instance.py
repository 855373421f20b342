tasks_of = {}


class Lazy:
    def __init__(self, coro):
        self.coro = coro

    def __await__(self):
        if self not in tasks_of:
            tasks_of[self] = asyncio.create_task(self.coro)
        return tasks_of[self].__await__()
