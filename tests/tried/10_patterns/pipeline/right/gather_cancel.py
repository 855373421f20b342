async def pipeline(items, n, work):
    slots = asyncio.Semaphore(n)
    async def one(item):
        async with slots:
            return await work(item)
    tasks = [asyncio.ensure_future(one(item)) for item in items]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
