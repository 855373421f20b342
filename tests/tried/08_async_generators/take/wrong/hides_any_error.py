# cause: ocultas el error
async def take(agen, n):
    async with aclosing(agen):
        try:
            for _ in range(n):
                yield await anext(agen)
        except Exception:
            return
