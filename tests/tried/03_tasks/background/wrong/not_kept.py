# cause: desapareció
class Background:
    def __init__(self):
        self.tasks = set()
        self.errors = []
    def spawn(self, coro):
        return asyncio.create_task(coro)
