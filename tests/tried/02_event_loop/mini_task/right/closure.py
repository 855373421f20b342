class MiniTask:
    done, result, error = False, None, None

    def __init__(self, coro, loop):
        def step():
            try:
                pause = coro.send(None)
            except StopIteration as stop:
                self.done, self.result = True, stop.value
                return
            except Exception as error:
                self.done, self.error = True, error
                return
            loop.call_later(pause, step)

        loop.call_soon(step)
