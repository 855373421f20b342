# cause: vuelta tarde
async def yields(fn):
    turned = []
    asyncio.get_running_loop().call_later(0, turned.append, 1)
    await fn()
    return bool(turned)
