# cause: sí ceden
# fails: test_yields_a, test_yields_b
async def yields(fn):
    await fn()
    return False
