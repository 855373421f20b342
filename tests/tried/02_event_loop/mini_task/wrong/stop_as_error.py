# cause: StopIteration
class MiniTask:
    def __init__(self, coro, loop):
        self.coro, self.loop = coro, loop
        self.done, self.result, self.error = False, None, None
        loop.call_soon(self._step)

    def _step(self):
        try:
            self.loop.call_later(self.coro.send(None), self._step)
        except Exception as error:
            self.done, self.error = True, error
