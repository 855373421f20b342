# cause: más de una vez
# fails: test_yields_b
async def yields(fn):
    await fn()
    turned = []
    handle = asyncio.get_running_loop().call_soon(turned.append, True)
    await fn()
    handle.cancel()
    return bool(turned)
