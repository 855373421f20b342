async def fetch_all(ids, fetch):
    sem = asyncio.Semaphore(max(1, len(ids)))
    async def one(i):
        async with sem:
            return await fetch(i)
    return list(await asyncio.gather(*[one(i) for i in ids]))
