# cause: falta algo delante
async def pipeline(items, n, work):
    results = [None] * len(items)
    todo = iter(enumerate(items))

    async def consume():
        for place, item in todo:
            results[place] = work(item)

    async with asyncio.TaskGroup() as tg:
        for _ in range(n):
            tg.create_task(consume())
    return results
