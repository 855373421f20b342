# cause: empieza antes del primer `await`
# fails: test_lazy_a
class Lazy:
    def __init__(self, coro):
        self.task = asyncio.create_task(coro)

    def __await__(self):
        return self.task.__await__()
