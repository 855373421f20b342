# cause: lista
class Background:
    def __init__(self):
        self.tasks = set()
        self.errors = set()
    def spawn(self, coro):
        task = asyncio.create_task(coro)
        self.tasks.add(task)
        task.add_done_callback(self._end)
        return task
    def _end(self, task):
        self.tasks.discard(task)
        if not task.cancelled() and task.exception():
            self.errors.add(task.exception())
