def ticker(n, every):
    async def marks():
        loop = asyncio.get_running_loop()
        start = loop.time()
        for i in range(n):
            await asyncio.sleep(start + i * every - loop.time())
            yield i

    return marks()
