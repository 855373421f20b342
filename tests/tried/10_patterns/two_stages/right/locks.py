async def two_stages(items, fetch, store):
    one, two = asyncio.Lock(), asyncio.Semaphore(1)
    async def both(item):
        async with one:
            value = await fetch(item)
        async with two:
            return await store(value)
    async with asyncio.TaskGroup() as tg:
        tasks = [tg.create_task(both(item)) for item in items]
    return [task.result() for task in tasks]
