# cause: ¿falta un `return`?
# fails: test_pipeline_a, test_pipeline_b
async def pipeline(items, n, work):
    semaphore = asyncio.Semaphore(n)

    async def one(item):
        async with semaphore:
            await work(item)

    async with asyncio.TaskGroup() as tg:
        for item in items:
            tg.create_task(one(item))
