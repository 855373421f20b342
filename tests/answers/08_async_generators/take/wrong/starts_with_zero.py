# cause: con `n = 0` empiezas
# fails: test_take_b
async def take(agen, n):
    async with aclosing(agen):
        async for item in agen:
            if n == 0:
                return
            yield item
            n -= 1
            if n == 0:
                return
