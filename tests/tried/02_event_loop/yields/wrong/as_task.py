# cause: siempre que sí
async def yields(fn):
    turned = []
    asyncio.get_running_loop().call_soon(turned.append, 1)
    await asyncio.create_task(fn())
    return bool(turned)
