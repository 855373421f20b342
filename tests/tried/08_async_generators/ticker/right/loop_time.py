async def ticker(n, every):
    loop = asyncio.get_running_loop()
    first = None
    for i in range(n):
        if first is None:
            first = loop.time()
        else:
            await asyncio.sleep(max(0, first + i * every - loop.time()))
        yield i
