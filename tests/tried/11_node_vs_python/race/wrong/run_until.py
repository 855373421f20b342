# cause: M06
async def race(*coros):
    if not coros:
        raise ValueError
    return asyncio.run(coros[0])
