class Background:
    def __init__(self):
        self.started = []
    def spawn(self, coro):
        self.started.append(asyncio.create_task(coro))
        return self.started[-1]
    @property
    def tasks(self):
        return {t for t in self.started if not t.done()}
    @property
    def errors(self):
        return [t.exception() for t in self.started if t.done() and not t.cancelled() and t.exception() is not None]
