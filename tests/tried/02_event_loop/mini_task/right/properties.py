class MiniTask:
    def __init__(self, coro, loop):
        self._coro, self._loop, self._end = coro, loop, None
        loop.call_soon(self._step)

    @property
    def done(self):
        return self._end is not None

    @property
    def result(self):
        return self._end[0] if self._end else None

    @property
    def error(self):
        return self._end[1] if self._end else None

    def _step(self):
        try:
            seconds = self._coro.send(None)
        except StopIteration as stop:
            self._end = stop.value, None
        except Exception as error:
            self._end = None, error
        else:
            self._loop.call_later(seconds, self._step)
