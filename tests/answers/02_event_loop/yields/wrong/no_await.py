# cause: M01
# fails: test_yields_a, test_yields_b
async def yields(fn):
    turned = []
    asyncio.get_running_loop().call_soon(turned.append, True)
    fn()
    return bool(turned)
