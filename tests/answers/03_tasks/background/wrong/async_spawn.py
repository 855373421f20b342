# cause: `spawn` es una función normal
# fails: test_background_a, test_background_b, test_background_c
class Background:
    def __init__(self):
        self.tasks = set()
        self.errors = []

    async def spawn(self, coro):
        task = asyncio.create_task(coro)
        self.tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task):
        self.tasks.discard(task)
        if not task.cancelled() and task.exception():
            self.errors.append(task.exception())
