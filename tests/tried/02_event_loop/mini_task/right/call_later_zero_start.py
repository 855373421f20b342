class MiniTask:
    def __init__(self, coro, loop):
        self.coro, self.loop = coro, loop
        self.done, self.result, self.error = False, None, None
        loop.call_later(0, self._advance)

    def _advance(self):
        try:
            self.loop.call_later(self.coro.send(None), self._advance)
        except StopIteration as end:
            self._end(result=end.value)
        except Exception as error:
            self._end(error=error)

    def _end(self, result=None, error=None):
        self.done, self.result, self.error = True, result, error
