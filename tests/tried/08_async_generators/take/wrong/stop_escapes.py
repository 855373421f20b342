# cause: StopAsyncIteration
async def take(agen, n):
    async with aclosing(agen):
        for _ in range(n):
            yield await anext(agen)
