# cause: lanza CancelledError
# fails: test_background_c
class Background:
    def __init__(self):
        self.tasks = set()
        self.errors = []

    def spawn(self, coro):
        task = asyncio.create_task(coro)
        self.tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task):
        self.tasks.discard(task)
        if task.exception():
            self.errors.append(task.exception())
