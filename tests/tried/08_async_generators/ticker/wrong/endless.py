# cause: no termina nunca
async def ticker(n, every):
    loop = asyncio.get_running_loop()
    start, i = loop.time(), 0
    while True:
        await asyncio.sleep(start + i * every - loop.time())
        yield i
        i += 1
