# cause: `yield`
async def take(agen, n):
    async with aclosing(agen):
        return [item async for item in agen][:n]
