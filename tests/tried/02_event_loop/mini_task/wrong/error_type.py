# cause: excepción
class MiniTask:
    def __init__(self, coro, loop):
        self.coro, self.loop = coro, loop
        self.done, self.result, self.error = False, None, None
        loop.call_soon(self._step)

    def _step(self):
        try:
            seconds = self.coro.send(None)
        except StopIteration as stop:
            self.done, self.result = True, stop.value
        except Exception as error:
            self.done, self.error = True, type(error)
        else:
            self.loop.call_later(seconds, self._step)
