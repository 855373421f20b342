# cause: el de una tarea cede siempre
# fails: test_yields_a
async def yields(fn):
    turned = []
    asyncio.get_running_loop().call_soon(turned.append, True)
    await asyncio.create_task(fn(), name="fn")
    return bool(turned)
