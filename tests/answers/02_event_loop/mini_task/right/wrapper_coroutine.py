class MiniTask:
    def __init__(self, coro, loop):
        self.loop = loop
        self.done = False
        self.result = None
        self.error = None
        self.steps = self.run(coro).__await__()
        loop.call_soon(self.advance)

    async def run(self, coro):
        try:
            self.result = await coro
        except Exception as error:
            self.error = error
        self.done = True

    def advance(self):
        for seconds in self.steps:
            self.loop.call_later(seconds, self.advance)
            break
