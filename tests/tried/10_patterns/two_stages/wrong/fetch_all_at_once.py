# cause: un elemento cada vez
async def two_stages(items, fetch, store):
    results = []
    tasks = [asyncio.create_task(fetch(item)) for item in items]
    for task in tasks:
        results.append(await store(await task))
    return results
