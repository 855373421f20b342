class Background:
    def __init__(self):
        self.tasks, self.errors = [], []
    def spawn(self, coro, *, name=None):
        task = asyncio.create_task(coro, name=name)
        self.tasks.append(task)
        def done(t):
            self.tasks = [x for x in self.tasks if x is not t]
            if not t.cancelled() and t.exception() is not None:
                self.errors += [t.exception()]
        task.add_done_callback(done)
        return task
