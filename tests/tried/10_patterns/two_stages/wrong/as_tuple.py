# cause: una lista
async def two_stages(items, fetch, store):
    queue, results, end = asyncio.Queue(), [], object()

    async def first():
        for item in items:
            await queue.put(await fetch(item))
        await queue.put(end)

    async def second():
        while (value := await queue.get()) is not end:
            results.append(await store(value))

    async with asyncio.TaskGroup() as tg:
        tg.create_task(first())
        tg.create_task(second())
    return tuple(results)
