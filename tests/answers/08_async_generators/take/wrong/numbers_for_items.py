# cause: Obtuve:    [[0, 0.0], [1, 1.0], [2, 2.0]]
# fails: test_take_a
async def take(agen, n):
    async with aclosing(agen):
        for i in range(n):
            try:
                await anext(agen)
            except StopAsyncIteration:
                return
            yield i
