async def yields(fn):
    turned = []
    handle = asyncio.get_running_loop().call_soon(turned.append, 1)
    try:
        await fn()
    finally:
        handle.cancel()
    return bool(turned)
