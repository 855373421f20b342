# cause: None
class MiniTask:
    def __init__(self, coro, loop):
        self.coro, self.loop = coro, loop
        self.result, self.error = None, None
        loop.call_soon(self._step)

    @property
    def done(self):
        return self.result is not None or self.error is not None

    def _step(self):
        try:
            seconds = self.coro.send(None)
        except StopIteration as stop:
            self.result = stop.value
        except Exception as error:
            self.error = error
        else:
            self.loop.call_later(seconds, self._step)
