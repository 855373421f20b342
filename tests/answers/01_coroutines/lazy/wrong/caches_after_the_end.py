# cause: M04
# fails: test_lazy_b
class Lazy:
    def __init__(self, coro):
        self.coro = coro
        self.done = False

    def __await__(self):
        if not self.done:
            self.value = yield from self.coro.__await__()
            self.done = True
        return self.value
