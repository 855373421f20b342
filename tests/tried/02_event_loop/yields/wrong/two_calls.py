# cause: más de una vez
async def yields(fn):
    turned = []
    await fn()
    asyncio.get_running_loop().call_soon(turned.append, 1)
    await fn()
    return bool(turned)
