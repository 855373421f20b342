# cause: `None` o un `0`
async def take(agen, n):
    async with aclosing(agen):
        for _ in range(n):
            item = await anext(agen, None)
            if item is None:
                return
            yield item
