# cause: faltan elementos
async def take(agen, n):
    async with aclosing(agen):
        for _ in range(n - 1):
            try:
                yield await anext(agen)
            except StopAsyncIteration:
                return
