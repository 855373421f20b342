# cause: len
class Background:
    def __init__(self):
        self.tasks = 0
        self.errors = []
        self.kept = set()
    def spawn(self, coro):
        task = asyncio.create_task(coro)
        self.kept.add(task)
        self.tasks += 1
        task.add_done_callback(self._end)
        return task
    def _end(self, task):
        self.tasks -= 1
        self.kept.discard(task)
        if not task.cancelled() and task.exception():
            self.errors.append(task.exception())
