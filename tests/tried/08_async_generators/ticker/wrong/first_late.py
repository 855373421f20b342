# cause: la primera marca es inmediata
async def ticker(n, every):
    loop = asyncio.get_running_loop()
    start = loop.time()
    for i in range(n):
        await asyncio.sleep(start + (i + 1) * every - loop.time())
        yield i
