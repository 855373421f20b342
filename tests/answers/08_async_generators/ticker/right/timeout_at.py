async def ticker(n, every):
    loop = asyncio.get_running_loop()
    start = loop.time()
    for i in range(n):
        try:
            async with asyncio.timeout_at(start + i * every):
                await loop.create_future()
        except TimeoutError:
            pass
        yield i
