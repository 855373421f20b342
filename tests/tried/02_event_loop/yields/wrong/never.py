# cause: siempre que no
async def yields(fn):
    await fn()
    return False
