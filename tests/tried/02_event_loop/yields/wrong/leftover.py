# cause: pendiente
async def yields(fn):
    turned = []

    async def ticker():
        while True:
            turned.append(1)
            await asyncio.sleep(1)

    asyncio.create_task(ticker())
    await fn()
    return bool(turned)
