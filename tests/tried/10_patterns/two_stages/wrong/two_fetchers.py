# cause: un elemento cada vez
async def two_stages(items, fetch, store):
    queue, results, end = asyncio.Queue(), [], object()

    todo = iter(items)

    async def fetcher():
        for item in todo:
            await queue.put(await fetch(item))

    async def first():
        await asyncio.gather(fetcher(), fetcher())
        await queue.put(end)

    async def second():
        while (value := await queue.get()) is not end:
            results.append(await store(value))

    async with asyncio.TaskGroup() as tg:
        tg.create_task(first())
        tg.create_task(second())
    return results
