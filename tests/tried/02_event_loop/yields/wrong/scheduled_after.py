# cause: siempre que no
async def yields(fn):
    turned = []
    await fn()
    asyncio.get_running_loop().call_soon(turned.append, 1)
    return bool(turned)
