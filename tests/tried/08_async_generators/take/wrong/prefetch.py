# cause: por adelantado
async def take(agen, n):
    async with aclosing(agen):
        following = asyncio.create_task(anext(agen, None)) if n else None
        for i in range(n):
            item = await following
            if i < n - 1:
                following = asyncio.create_task(anext(agen, None))
            yield item
