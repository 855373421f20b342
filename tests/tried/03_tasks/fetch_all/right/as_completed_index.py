async def fetch_all(ids, fetch):
    out = {}
    async def one(n):
        out[n] = await fetch(ids[n])
        return n
    for f in asyncio.as_completed([one(n) for n in range(len(ids))]):
        await f
    return [out[n] for n in range(len(ids))]
