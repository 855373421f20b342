class take:
    def __init__(self, agen, n):
        self.agen, self.left = agen, n

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.left <= 0:
            await self.aclose()
            raise StopAsyncIteration
        self.left -= 1
        return await anext(self.agen)

    async def aclose(self):
        self.left = 0
        await self.agen.aclose()
