# cause: terminen
async def pipeline(items, n, work):
    results, todo = [None] * len(items), iter(enumerate(items))
    async def consume():
        for place, item in todo:
            results[place] = await work(item)
    tasks = [asyncio.create_task(consume()) for _ in range(n)]
    try:
        await asyncio.gather(*tasks)
    except BaseException:
        for task in tasks:
            task.cancel()
        raise
    return results
