class Background:
    def __init__(self):
        self._all = []
        self.errors = []

    @property
    def tasks(self):
        return [task for task in self._all if not task.done()]

    def spawn(self, coro):
        task = asyncio.create_task(coro)
        self._all = [*self.tasks, task]
        task.add_done_callback(lambda t: t.cancelled() or t.exception() is None or self.errors.append(t.exception()))
        return task
