async def take(agen, n):
    async with aclosing(agen):
        numbers = iter(range(n))
        if next(numbers, None) is None:
            return
        async for item in agen:
            yield item
            if next(numbers, None) is None:
                break
