# cause: no es un centinela
# fails: test_pipeline_a
async def pipeline(items, n, work):
    pending = list(enumerate(items))[::-1]
    results = [None] * len(items)

    async def consume():
        while pending:
            index, item = pending.pop()
            if item is not None:
                results[index] = await work(item)

    async with asyncio.TaskGroup() as tg:
        for _ in range(n):
            tg.create_task(consume())
    return results
