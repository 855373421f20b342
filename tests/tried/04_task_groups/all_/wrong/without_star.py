# cause: TypeError
async def all_(*coros):
    return await asyncio.gather(coros)
