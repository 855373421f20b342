# cause: repetido
async def take(agen, n):
    seen = []
    async with aclosing(agen):
        for _ in range(n):
            try:
                item = await anext(agen)
            except StopAsyncIteration:
                return
            if item not in seen:
                seen.append(item)
                yield item
