# cause: la primera marca es el 0
async def ticker(n, every):
    loop = asyncio.get_running_loop()
    start = loop.time()
    for i in range(1, n + 1):
        await asyncio.sleep(start + (i - 1) * every - loop.time())
        yield i
