async def two_stages(items, fetch, store):
    results = []
    async with asyncio.TaskGroup() as tg:
        before = None
        for item in items:
            task = tg.create_task(fetch(item))
            if before is not None:
                results.append(await store(before.result()))
            await asyncio.wait([task])
            if task.exception():
                return
            before = task
        if before is not None:
            results.append(await store(before.result()))
    return results
