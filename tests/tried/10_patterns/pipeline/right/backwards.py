async def pipeline(items, n, work):
    todo = list(enumerate(items))
    results = {}
    async def consume():
        while todo:
            place, item = todo.pop()
            results[place] = await work(item)
    async with asyncio.TaskGroup() as tg:
        for _ in range(min(n, len(items))):
            tg.create_task(consume())
    return [results[place] for place in range(len(items))]
