# cause: no influye
async def yields(fn):
    return bool(await fn())
