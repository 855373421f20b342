# cause: M21
async def two_stages(items, fetch, store):
    async def both(item):
        return await store(await fetch(item))

    async with asyncio.TaskGroup() as tg:
        tasks = [tg.create_task(both(item)) for item in items]
    return [task.result() for task in tasks]
