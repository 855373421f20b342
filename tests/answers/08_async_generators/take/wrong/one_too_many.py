# cause: más elementos de los que entregas
# fails: test_take_b
async def take(agen, n):
    async with aclosing(agen):
        count = 0
        async for item in agen:
            if count == n:
                return
            yield item
            count += 1
