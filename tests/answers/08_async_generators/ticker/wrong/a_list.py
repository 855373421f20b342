# cause: entrega con `yield`
async def ticker(n, every):
    ticks = []
    for i in range(n):
        ticks.append(i)
        await asyncio.sleep(every)
    return ticks
