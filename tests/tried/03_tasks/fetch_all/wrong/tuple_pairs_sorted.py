# cause: cualquier tipo
async def fetch_all(ids, fetch):
    async def one(i):
        return i, await fetch(i)
    pairs = sorted(await asyncio.gather(*map(one, ids)))
    return [a for _, a in pairs]
