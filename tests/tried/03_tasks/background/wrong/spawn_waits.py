# cause: normal
class Background:
    def __init__(self):
        self.tasks = set()
        self.errors = []
    async def spawn(self, coro):
        try:
            await coro
        except Exception as e:
            self.errors.append(e)
