async def take(agen, n):
    try:
        for i in range(n):
            item = await anext(agen, take)
            if item is take:
                break
            yield item
    finally:
        await asyncio.shield(agen.aclose())
