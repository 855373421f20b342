# cause: tarde
async def two_stages(items, fetch, store):
    queue, results, end = asyncio.Queue(), [], object()

    async def first():
        try:
            for item in items:
                await queue.put(await fetch(item))
        finally:
            await queue.put(end)

    async def second():
        while (value := await queue.get()) is not end:
            results.append(await store(value))

    one, two = await asyncio.gather(first(), second(), return_exceptions=True)
    for error in (one, two):
        if error:
            raise error
    return results
