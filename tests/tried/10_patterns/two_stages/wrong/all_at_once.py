# cause: un elemento cada vez
async def two_stages(items, fetch, store):
    async def both(item):
        return await store(await fetch(item))
    return list(await asyncio.gather(*map(both, items)))
