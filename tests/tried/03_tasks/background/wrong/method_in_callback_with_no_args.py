# cause: retrollamada
class Background:
    def __init__(self):
        self.tasks = set()
        self.errors = []
    def spawn(self, coro):
        task = asyncio.create_task(coro)
        self.tasks.add(task)
        task.add_done_callback(self._end)
        return task
    def _end(self):
        self.tasks.clear()
