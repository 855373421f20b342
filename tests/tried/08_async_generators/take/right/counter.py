async def take(agen, n):
    async with aclosing(agen):
        if not n:
            return
        left = n
        async for item in agen:
            yield item
            left -= 1
            if left == 0:
                return
