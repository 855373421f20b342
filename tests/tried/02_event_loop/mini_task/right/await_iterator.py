class MiniTask:
    def __init__(self, coro, loop):
        self.steps, self.loop = coro.__await__(), loop
        self.done, self.result, self.error = False, None, None
        loop.call_soon(self._next)

    def _next(self):
        try:
            seconds = next(self.steps)
        except StopIteration as stop:
            self.done, self.result = True, stop.value
        except Exception as error:
            self.done, self.error = True, error
        else:
            self.loop.call_later(seconds, self._next)
