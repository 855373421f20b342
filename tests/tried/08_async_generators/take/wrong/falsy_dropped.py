# cause: `None` o un `0`
async def take(agen, n):
    async with aclosing(agen):
        for _ in range(n):
            try:
                item = await anext(agen)
            except StopAsyncIteration:
                return
            if item:
                yield item
