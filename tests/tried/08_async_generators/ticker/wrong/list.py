# cause: `yield`
async def ticker(n, every):
    marks = []
    for i in range(n):
        await asyncio.sleep(every if i else 0)
        marks.append(i)
    return marks
