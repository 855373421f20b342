class MiniTask:
    def __init__(self, coro, loop):
        self.done = False
        self.result = self.error = None

        def step():
            try:
                delay = coro.send(None)
            except StopIteration as stop:
                self.result = stop.value
                self.done = True
            except BaseException as error:
                self.error = error
                self.done = True
            else:
                loop.call_later(delay, step)

        loop.call_soon(step)
