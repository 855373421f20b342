# cause: se pierden marcas
async def ticker(n, every):
    loop = asyncio.get_running_loop()
    start = loop.time()
    for i in range(n):
        left = start + i * every - loop.time()
        if left < 0:
            continue
        await asyncio.sleep(left)
        yield i
