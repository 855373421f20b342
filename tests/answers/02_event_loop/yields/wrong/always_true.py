# cause: M05
# fails: test_yields_a
async def yields(fn):
    await fn()
    return True
