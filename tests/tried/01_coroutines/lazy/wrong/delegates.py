# cause: M04
class Lazy:
    def __init__(self, coro):
        self.coro = coro

    def __await__(self):
        return self.coro.__await__()
