# cause: a medias
async def take(agen, n):
    for _ in range(n):
        try:
            yield await anext(agen)
        except StopAsyncIteration:
            break
    await agen.aclose()
