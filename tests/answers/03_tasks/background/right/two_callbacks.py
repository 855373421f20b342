class Background:
    def __init__(self):
        self.tasks = set()
        self.errors = []

    def spawn(self, coro):
        task = asyncio.create_task(coro)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        task.add_done_callback(self._note)
        return task

    def _note(self, task):
        if task.cancelled():
            return
        if task.exception() is not None:
            self.errors.append(task.exception())
