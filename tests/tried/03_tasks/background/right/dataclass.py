from dataclasses import dataclass, field
@dataclass
class Background:
    tasks: set = field(default_factory=set)
    errors: list = field(default_factory=list)
    def spawn(self, coro):
        task = asyncio.create_task(coro)
        self.tasks.add(task)
        task.add_done_callback(self.finished)
        return task
    def finished(self, task):
        self.tasks.discard(task)
        if task.cancelled():
            return
        error = task.exception()
        if error:
            self.errors.append(error)
