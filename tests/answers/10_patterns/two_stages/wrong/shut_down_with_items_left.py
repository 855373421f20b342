# cause: cierras la segunda etapa cuando aún quedan elementos
# fails: test_two_stages_a
async def two_stages(items, fetch, store):
    queue, results = asyncio.Queue(), []

    async def second():
        while True:
            results.append(await store(await queue.get()))

    async with asyncio.TaskGroup() as tg:
        storing = tg.create_task(second())
        for item in items:
            await queue.put(await fetch(item))
        storing.cancel()
    return results
