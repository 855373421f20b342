# cause: True` o `False
async def yields(fn):
    turned = []
    asyncio.get_running_loop().call_soon(turned.append, 1)
    await fn()
    return "sí" if turned else "no"
