async def take(agen, n):
    end = object()
    try:
        while n > 0 and (item := await anext(agen, end)) is not end:
            yield item
            n -= 1
    finally:
        await agen.aclose()
