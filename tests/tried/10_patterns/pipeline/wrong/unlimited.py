# cause: demasiados
async def pipeline(items, n, work):
    return list(await asyncio.gather(*map(work, items)))
