# cause: más lenta
async def race(*coros):
    if not coros:
        raise ValueError
    return await asyncio.wait_for(asyncio.gather(*coros), None)
