# cause: más lenta
async def race(*coros):
    if not coros:
        raise ValueError
    results = await asyncio.gather(*coros)
    return results[0]
