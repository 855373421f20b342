# cause: esperas a todas antes
# fails: test_as_finished_a, test_as_finished_b
async def as_finished(fn, items):
    for pair in zip(items, await asyncio.gather(*map(fn, items))):
        yield pair
