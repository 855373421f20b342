# cause: M14
# fails: test_pipeline_c
async def pipeline(items, n, work):
    semaphore = asyncio.Semaphore(n)

    async def one(item):
        async with semaphore:
            return await work(item)

    return await asyncio.gather(*(one(item) for item in items))
