async def yields(fn):
    turned = []
    asyncio.get_running_loop().call_soon_threadsafe(turned.append, None)
    await fn()
    return turned != []
