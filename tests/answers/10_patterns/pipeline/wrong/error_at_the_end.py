# cause: el error sale, pero tarde
# fails: test_pipeline_c
async def pipeline(items, n, work):
    semaphore = asyncio.Semaphore(n)

    async def one(item):
        async with semaphore:
            return await work(item)

    results = await asyncio.gather(*(one(item) for item in items), return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result
    return results
