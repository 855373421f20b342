# cause: deriva
async def ticker(n, every):
    for i in range(n):
        yield i
        await asyncio.sleep(every)
