# cause: espera para siempre
# fails: test_two_stages_b
async def two_stages(items, fetch, store):
    queue, results, end = asyncio.Queue(maxsize=1), [], object()

    async def second():
        while (value := await queue.get()) is not end:
            results.append(await store(value))

    storing = asyncio.create_task(second(), name="store")
    for item in items:
        await queue.put(await fetch(item))
    await queue.put(end)
    await storing
    return results
