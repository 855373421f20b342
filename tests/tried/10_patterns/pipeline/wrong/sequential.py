# cause: a la vez
async def pipeline(items, n, work):
    return [await work(item) for item in items]
