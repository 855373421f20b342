# cause: comparten
class Background:
    tasks = set()
    def __init__(self):
        self.errors = []
    def spawn(self, coro):
        task = asyncio.create_task(coro)
        self.tasks.add(task)
        task.add_done_callback(self._end)
        return task
    def _end(self, task):
        self.tasks.discard(task)
        if not task.cancelled() and task.exception():
            self.errors.append(task.exception())
