# cause: M12
# fails: test_background_a, test_background_b
import weakref


class Background:
    def __init__(self):
        self.tasks = weakref.WeakSet()
        self.errors = []

    def spawn(self, coro):
        task = asyncio.create_task(coro)
        self.tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task):
        if not task.cancelled() and task.exception():
            self.errors.append(task.exception())
