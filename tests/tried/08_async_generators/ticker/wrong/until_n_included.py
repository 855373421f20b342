# cause: más de `n` marcas
async def ticker(n, every):
    loop = asyncio.get_running_loop()
    start, i = loop.time(), 0
    while i <= n:
        await asyncio.sleep(start + i * every - loop.time())
        yield i
        i += 1
