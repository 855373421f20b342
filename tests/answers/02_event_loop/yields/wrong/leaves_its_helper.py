# cause: seguía pendiente la tarea
# fails: test_yields_a, test_yields_b
async def yields(fn):
    turned = []

    async def other():
        turned.append(True)
        await asyncio.sleep(3600)

    asyncio.create_task(other(), name="other")
    await fn()
    return bool(turned)
