async def two_stages(items, fetch, store):
    queue, results = asyncio.Queue(), []

    async def second():
        while True:
            results.append(await store(await queue.get()))
            queue.task_done()

    async with asyncio.TaskGroup() as tg:
        storing = tg.create_task(second())
        for item in items:
            await queue.put(await fetch(item))
        await queue.join()
        storing.cancel()
    return results
