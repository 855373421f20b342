# cause: al revés
async def yields(fn):
    turned = []
    asyncio.get_running_loop().call_soon(turned.append, 1)
    await fn()
    return turned == []
