# cause: M04
# fails: test_lazy_a, test_lazy_b
class Lazy:
    def __init__(self, coro):
        self.coro = coro

    def __await__(self):
        return self.coro.__await__()
