# cause: quien acaba antes espera a los demás
# fails: test_pipeline_b
async def pipeline(items, n, work):
    results = [None] * len(items)

    async def consume(first):
        for index in range(first, len(items), n):
            results[index] = await work(items[index])

    async with asyncio.TaskGroup() as tg:
        for first in range(n):
            tg.create_task(consume(first))
    return results
