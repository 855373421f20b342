# cause: más elementos de los que entregas
async def take(agen, n):
    async with aclosing(agen):
        count = 0
        async for item in agen:
            if count == n:
                return
            count += 1
            yield item
