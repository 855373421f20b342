# cause: no se solapan
async def two_stages(items, fetch, store):
    return [await store(await fetch(item)) for item in items]
