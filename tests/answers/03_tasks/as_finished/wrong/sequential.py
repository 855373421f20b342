# cause: M08
# fails: test_as_finished_a, test_as_finished_b
async def as_finished(fn, items):
    for item in items:
        yield item, await fn(item)
