# cause: M01
async def yields(fn):
    turned = []
    asyncio.get_running_loop().call_soon(turned.append, 1)
    fn()
    return bool(turned)
