async def ticker(n, every):
    loop = asyncio.get_running_loop()
    start = loop.time()
    for i in range(n):
        rings = asyncio.Event()
        loop.call_at(start + i * every, rings.set)
        await rings.wait()
        yield i
