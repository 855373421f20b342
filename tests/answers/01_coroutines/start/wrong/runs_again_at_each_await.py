# cause: M04
# fails: test_start_b
class Promise:
    def __init__(self, fn, args):
        self.fn, self.args = fn, args
        self.task = asyncio.create_task(fn(*args))

    def __await__(self):
        task = self.task or asyncio.create_task(self.fn(*self.args))
        self.task = None
        return task.__await__()


def start(fn, *args):
    return Promise(fn, args)
