class MiniTask:
    done, result, error = False, None, None

    def __init__(self, coro, loop):
        self._coro = coro
        self._loop = loop
        loop.call_soon(lambda: self._advance(coro.send, None))

    def cancel(self):
        self._loop.call_soon(lambda: self._advance(self._coro.throw, asyncio.CancelledError()))

    def _advance(self, how, what):
        try:
            delay = how(what)
        except StopIteration as stop:
            self._finish(stop.value, None)
        except Exception as error:
            self._finish(None, error)
        else:
            self._loop.call_later(delay, lambda: self._advance(self._coro.send, None))

    def _finish(self, result, error):
        self.done, self.result, self.error = True, result, error
