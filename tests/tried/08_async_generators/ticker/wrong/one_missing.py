# cause: se pierden marcas
async def ticker(n, every):
    loop = asyncio.get_running_loop()
    start = loop.time()
    for i in range(n - 1):
        await asyncio.sleep(start + i * every - loop.time())
        yield i
