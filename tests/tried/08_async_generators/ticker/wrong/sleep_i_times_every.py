# cause: `every`
async def ticker(n, every):
    for i in range(n):
        await asyncio.sleep(i * every)
        yield i
