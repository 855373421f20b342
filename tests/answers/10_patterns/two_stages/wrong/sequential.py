# cause: M08
# fails: test_two_stages_a, test_two_stages_b
async def two_stages(items, fetch, store):
    return [await store(await fetch(item)) for item in items]
