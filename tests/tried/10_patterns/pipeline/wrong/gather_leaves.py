# cause: sigue
async def pipeline(items, n, work):
    results = [None] * len(items)
    todo = iter(enumerate(items))

    async def consume():
        for place, item in todo:
            results[place] = await work(item)

    await asyncio.gather(*(consume() for _ in range(n)))
    return results
