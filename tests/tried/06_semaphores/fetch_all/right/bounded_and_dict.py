async def fetch_all(urls, fetch, limit):
    sem, out = asyncio.BoundedSemaphore(limit), {}

    async def one(i):
        async with sem:
            out[i] = await fetch(urls[i])

    async with asyncio.TaskGroup() as tg:
        for i in range(len(urls)):
            tg.create_task(one(i))
    return [out[i] for i in sorted(out)]
