import sys


async def two_stages(items, fetch, store):
    queue, results, end = asyncio.Queue(), [], object()

    async def first():
        for item in items:
            await queue.put(await fetch(item))
        if sys.version_info >= (3, 13):
            queue.shutdown()
        else:
            await queue.put(end)

    async def second():
        while True:
            try:
                value = await queue.get()
            except getattr(asyncio, "QueueShutDown", ()):
                return
            if value is end:
                return
            results.append(await store(value))

    async with asyncio.TaskGroup() as tg:
        tg.create_task(first())
        tg.create_task(second())
    return results
