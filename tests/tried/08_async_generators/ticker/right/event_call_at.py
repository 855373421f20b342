async def ticker(n, every):
    loop = asyncio.get_running_loop()
    start = loop.time()
    for i in range(n):
        event = asyncio.Event()
        loop.call_at(start + i * every, event.set)
        await event.wait()
        yield i
