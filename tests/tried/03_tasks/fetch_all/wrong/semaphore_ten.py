# cause: no todas las peticiones están en curso a la vez
async def fetch_all(ids, fetch):
    sem = asyncio.Semaphore(10)
    async def one(i):
        async with sem:
            return await fetch(i)
    return await asyncio.gather(*map(one, ids))
