# cause: no son los elementos de
# fails: test_take_a
async def take(agen, n):
    async with aclosing(agen):
        for i in range(n):
            try:
                await anext(agen)
            except StopAsyncIteration:
                return
            yield i
