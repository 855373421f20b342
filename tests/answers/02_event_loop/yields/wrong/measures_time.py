# cause: el tiempo no dice
# fails: test_yields_a
async def yields(fn):
    loop = asyncio.get_running_loop()
    start = loop.time()
    await fn()
    return loop.time() > start
