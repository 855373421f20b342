class Row:
    def __init__(self, task): self.task = task
    def as_dict(self):
        return {"name": self.task.get_name(), "state": self.state, "where": self.task.get_coro().__name__}
    @property
    def state(self):
        return "lista" if inspect.getcoroutinestate(self.task.get_coro()) == inspect.CORO_CREATED else "esperando"
def report():
    return [Row(t).as_dict() for t in sorted(asyncio.all_tasks(), key=lambda t: t.get_name()) if t is not asyncio.current_task()]
