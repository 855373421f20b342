class MiniTask:
    def __init__(self, coro, loop):
        self.done = False
        self.result = self.error = None
        loop.call_soon(lambda: self.step(coro, loop))

    def step(self, coro, loop):
        try:
            wait = coro.send(None)
        except StopIteration as s:
            self.result = s.value
            self.done = True
        except Exception as e:
            self.error = e
            self.done = True
        else:
            loop.call_later(wait, lambda: self.step(coro, loop))
