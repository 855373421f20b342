# cause: devuelves lo que da `fetch`, no lo que da `store`
# fails: test_two_stages_a
async def two_stages(items, fetch, store):
    queue, end, results = asyncio.Queue(), object(), []

    async def first():
        for item in items:
            await queue.put(await fetch(item))
        await queue.put(end)

    async def second():
        while (value := await queue.get()) is not end:
            await store(value)
            results.append(value)

    async with asyncio.TaskGroup() as tg:
        tg.create_task(first())
        tg.create_task(second())
    return results
