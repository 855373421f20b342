# cause: TaskGroup
class Background:
    def __init__(self):
        self.tasks = set()
        self.errors = []
        self.group = asyncio.TaskGroup()
    def spawn(self, coro):
        task = self.group.create_task(coro)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return task
