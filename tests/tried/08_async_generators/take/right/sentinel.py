END = object()


async def take(agen, n):
    async with aclosing(agen):
        while n > 0 and (item := await anext(agen, END)) is not END:
            yield item
            n -= 1
