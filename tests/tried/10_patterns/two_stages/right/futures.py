async def two_stages(items, fetch, store):
    loop = asyncio.get_running_loop()
    slots = [loop.create_future() for _ in items]
    async def first():
        for slot, item in zip(slots, items):
            slot.set_result(await fetch(item))
    async with asyncio.TaskGroup() as tg:
        tg.create_task(first())
        stored = [await store(await slot) for slot in slots]
    return stored
