# cause: todos juntos
async def take(agen, n):
    items = []
    async with aclosing(agen):
        for _ in range(n):
            try:
                items.append(await anext(agen))
            except StopAsyncIteration:
                break
    for item in items:
        yield item
