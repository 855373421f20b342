from contextlib import aclosing
async def _ahead(items, fetch, tg):
    queue = asyncio.Queue(1)
    async def first():
        for item in items:
            await queue.put((await fetch(item),))
        await queue.put(None)
    tg.create_task(first())
    while box := await queue.get():
        yield box[0]

async def two_stages(items, fetch, store):
    results = []
    async with asyncio.TaskGroup() as tg:
        async with aclosing(_ahead(items, fetch, tg)) as values:
            async for value in values:
                results.append(await store(value))
    return results
