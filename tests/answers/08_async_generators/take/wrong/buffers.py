# cause: todos juntos
async def take(agen, n):
    async with aclosing(agen):
        items = [item async for item in agen]
    for item in items[:n]:
        yield item
