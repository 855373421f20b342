class ticker:
    def __init__(self, n, every):
        self.n, self.every, self.i, self.start = n, every, 0, None

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.i == self.n:
            raise StopAsyncIteration
        now = asyncio.get_running_loop().time()
        self.start = now if self.start is None else self.start
        await asyncio.sleep(max(0, self.start + self.i * self.every - now))
        self.i += 1
        return self.i - 1
