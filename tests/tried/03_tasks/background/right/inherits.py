class Owner:
    def __init__(self):
        self.tasks = set()
    def keep(self, task):
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task
class Background(Owner):
    def __init__(self):
        super().__init__()
        self.errors = []
    def spawn(self, coro):
        task = self.keep(asyncio.create_task(coro))
        task.add_done_callback(self.note)
        return task
    def note(self, task):
        if not task.cancelled() and (error := task.exception()) is not None:
            self.errors.append(error)
