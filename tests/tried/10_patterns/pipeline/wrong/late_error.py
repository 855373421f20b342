# cause: tarde
async def pipeline(items, n, work):
    results, todo, errors = [None] * len(items), iter(enumerate(items)), []
    async def consume():
        for place, item in todo:
            try:
                results[place] = await work(item)
            except Exception as error:
                errors.append(error)
    async with asyncio.TaskGroup() as tg:
        for _ in range(n):
            tg.create_task(consume())
    if errors:
        raise errors[0]
    return results
