# cause: no se solapan
async def two_stages(items, fetch, store):
    values = [await fetch(item) for item in items]
    return [await store(value) for value in values]
