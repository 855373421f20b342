# cause: atributo
class MiniTask:
    def __init__(self, coro, loop):
        self.coro, self.loop = coro, loop
        loop.call_soon(self._step)

    def _step(self):
        try:
            seconds = self.coro.send(None)
        except StopIteration as stop:
            self.done, self.result, self.error = True, stop.value, None
        except Exception as error:
            self.done, self.result, self.error = True, None, error
        else:
            self.loop.call_later(seconds, self._step)
