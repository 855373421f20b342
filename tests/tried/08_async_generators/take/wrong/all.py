# cause: más de `n`
async def take(agen, n):
    async with aclosing(agen):
        async for item in agen:
            yield item
