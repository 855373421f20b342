# cause: algún `await` no recibe
# fails: test_lazy_a, test_lazy_b
class Lazy:
    def __init__(self, coro):
        self.coro = coro

    def __await__(self):
        coro, self.coro = self.coro, None
        if coro is not None:
            return (yield from coro.__await__())
