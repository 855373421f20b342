class Background:
    def __init__(self):
        self.tasks = {}
        self.errors = []
    def spawn(self, coro):
        t = asyncio.create_task(coro)
        self.tasks[id(t)] = t
        def end(t):
            self.tasks.pop(id(t))
            if t.cancelled():
                return
            if (e := t.exception()) is not None:
                self.errors.append(e)
        t.add_done_callback(end)
        return t
