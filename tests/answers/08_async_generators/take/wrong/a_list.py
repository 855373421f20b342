# cause: entrega con `yield`
async def take(agen, n):
    async with aclosing(agen):
        return [await anext(agen) for _ in range(n)]
