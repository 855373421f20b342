# cause: ocultas
async def pipeline(items, n, work):
    results = [None] * len(items)
    todo = iter(enumerate(items))

    async def consume():
        for place, item in todo:
            try:
                results[place] = await work(item)
            except Exception as error:
                results[place] = error

    async with asyncio.TaskGroup() as tg:
        for _ in range(n):
            tg.create_task(consume())
    return results
