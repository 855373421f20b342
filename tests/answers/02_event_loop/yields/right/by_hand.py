class Spy:
    def __init__(self, coro):
        self.coro, self.suspended = coro, False

    def __await__(self):
        steps = self.coro.__await__()
        try:
            for step in steps:
                self.suspended = True
                yield step
        finally:
            steps.close()


async def yields(fn) -> bool:
    spy = Spy(fn())
    await spy
    return spy.suspended
