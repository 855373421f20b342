# cause: M01
# fails: test_start_a, test_start_c
class Promise:
    def __init__(self, fn, args):
        self.fn, self.args, self.task = fn, args, None

    def __await__(self):
        if self.task is None:
            self.task = asyncio.create_task(self.fn(*self.args))
        return self.task.__await__()


def start(fn, *args):
    return Promise(fn, args)
