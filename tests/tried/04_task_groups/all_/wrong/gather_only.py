# cause: siguen hasta el final
async def all_(*coros):
    return await asyncio.gather(*coros)
