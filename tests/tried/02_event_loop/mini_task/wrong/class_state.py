# cause: clase
class MiniTask:
    done, result, error = False, None, None

    def __init__(self, coro, loop):
        self.coro, self.loop = coro, loop
        loop.call_soon(self._step)

    def _step(self):
        try:
            seconds = self.coro.send(None)
        except StopIteration as stop:
            MiniTask.done, MiniTask.result = True, stop.value
        except Exception as error:
            MiniTask.done, MiniTask.error = True, error
        else:
            self.loop.call_later(seconds, self._step)
