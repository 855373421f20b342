async def take(agen, n):
    async with aclosing(agen) as source:
        for _ in range(n):
            try:
                yield await source.__anext__()
            except StopAsyncIteration:
                return
