class ticker:
    def __init__(self, n, every):
        self.n, self.every, self.i, self.start = n, every, 0, None

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.i >= self.n:
            raise StopAsyncIteration
        loop = asyncio.get_running_loop()
        if self.start is None:
            self.start = loop.time()
        await asyncio.sleep(self.start + self.i * self.every - loop.time())
        self.i += 1
        return self.i - 1
