# cause: con `n = 0`
async def take(agen, n):
    async with aclosing(agen):
        i = 0
        async for item in agen:
            if n:
                yield item
            i += 1
            if i >= n:
                return
