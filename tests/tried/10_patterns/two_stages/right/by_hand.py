async def two_stages(items, fetch, store):
    queue, results = asyncio.Queue(), []
    async def first():
        for item in items:
            await queue.put(await fetch(item))
    async def second():
        for _ in range(len(items)):
            results.append(await store(await queue.get()))
    tasks = [asyncio.create_task(first()), asyncio.create_task(second())]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    return results
