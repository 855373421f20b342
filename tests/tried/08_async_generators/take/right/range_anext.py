async def take(agen, n):
    try:
        for _ in range(n):
            try:
                item = await anext(agen)
            except StopAsyncIteration:
                break
            yield item
    finally:
        await agen.aclose()
