class MiniTask:
    def __init__(self, coro, loop):
        self.coro, self.loop = coro, loop
        self.done, self.result, self.error = False, None, None
        self.loop.call_soon(self._step)

    def _step(self):
        try:
            seconds = self.coro.send(None)
        except StopIteration as stop:
            self.result, self.done = stop.value, True
        except BaseException as error:
            self.error, self.done = error, True
        else:
            self.loop.call_later(seconds, self._step)
