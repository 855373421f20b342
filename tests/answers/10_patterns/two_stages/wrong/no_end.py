# cause: M24
# fails: test_two_stages_a
async def two_stages(items, fetch, store):
    queue, results = asyncio.Queue(), []

    async def first():
        for item in items:
            await queue.put(await fetch(item))

    async def second():
        while True:
            results.append(await store(await queue.get()))

    async with asyncio.TaskGroup() as tg:
        tg.create_task(first(), name="fetch")
        tg.create_task(second(), name="store")
    return results
