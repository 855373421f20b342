async def two_stages(items, fetch, store):
    queue = asyncio.Queue(maxsize=2)

    async def first():
        for item in items:
            await queue.put(await fetch(item))

    async with asyncio.TaskGroup() as tg:
        tg.create_task(first())
        stored = tg.create_task(store_all(queue, len(items), store))
    return stored.result()


async def store_all(queue, count, store):
    return [await store(await queue.get()) for _ in range(count)]
