# cause: async for
async def take(agen, n):
    async with aclosing(agen):
        for item in agen:
            yield item
