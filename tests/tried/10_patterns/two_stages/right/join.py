async def two_stages(items, fetch, store):
    queue, results = asyncio.Queue(), []
    async def second():
        while True:
            value = await queue.get()
            results.append(await store(value))
            queue.task_done()
    async with asyncio.TaskGroup() as tg:
        worker = tg.create_task(second())
        for item in items:
            await queue.put(await fetch(item))
        await queue.join()
        worker.cancel()
    return results
