# cause: lista
async def pipeline(items, n, work):
    return await asyncio.gather([work(item) for item in items])
