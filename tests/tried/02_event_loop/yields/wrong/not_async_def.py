# cause: M07
def yields(fn):
    turned = []
    asyncio.get_running_loop().call_soon(turned.append, 1)
    return bool(turned)
