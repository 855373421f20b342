async def take(agen, n):
    async with aclosing(agen):
        if n == 0:
            return
        async for item in agen:
            yield item
            n -= 1
            if n == 0:
                return
