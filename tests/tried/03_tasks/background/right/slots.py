class Background:
    __slots__ = ("tasks", "errors", "__weakref__")
    def __init__(self):
        self.tasks, self.errors = set(), []
    def spawn(self, coro):
        task = asyncio.ensure_future(coro)
        self.tasks |= {task}
        task.add_done_callback(lambda t: self.tasks.remove(t))
        task.add_done_callback(lambda t: None if t.cancelled() or not t.exception() else self.errors.append(t.exception()))
        return task
