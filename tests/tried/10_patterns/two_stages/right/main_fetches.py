async def two_stages(items, fetch, store):
    queue = asyncio.Queue()
    async def second():
        return [await store(await queue.get()) for _ in items]
    async with asyncio.TaskGroup() as tg:
        task = tg.create_task(second())
        for item in items:
            queue.put_nowait(await fetch(item))
    return task.result()
