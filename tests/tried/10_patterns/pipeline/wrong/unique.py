# cause: repetidos
async def pipeline(items, n, work):
    todo = []
    for item in items:
        if item not in todo:
            todo.append(item)
    results, left = [None] * len(todo), iter(enumerate(list(todo)))
    async def consume():
        for place, item in left:
            results[place] = await work(item)
    async with asyncio.TaskGroup() as tg:
        for _ in range(n):
            tg.create_task(consume())
    return results
