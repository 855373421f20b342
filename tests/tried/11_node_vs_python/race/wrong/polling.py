# cause: vueltas
async def race(*coros):
    if not coros:
        raise ValueError
    tasks = [asyncio.create_task(c) for c in coros]
    while True:
        for t in tasks:
            if t.done():
                return t.result()
        await asyncio.sleep(0)
