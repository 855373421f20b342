# cause: no esperas el tiempo
# fails: test_mini_task_a
class MiniTask:
    def __init__(self, coro, loop):
        self.coro = coro
        self.done, self.result, self.error = False, None, None
        loop.call_soon(self._run)

    def _run(self):
        while not self.done:
            try:
                self.coro.send(None)
            except StopIteration as stop:
                self.done, self.result = True, stop.value
            except Exception as error:
                self.done, self.error = True, error
