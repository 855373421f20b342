async def take(agen, n):
    try:
        for _ in range(n):
            item = await agen.__anext__()
            yield item
    except StopAsyncIteration:
        pass
    finally:
        await agen.aclose()
