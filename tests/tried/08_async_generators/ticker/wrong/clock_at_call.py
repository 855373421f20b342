# cause: desde que piden la primera
def ticker(n, every):
    start = asyncio.get_running_loop().time()

    async def marks():
        loop = asyncio.get_running_loop()
        for i in range(n):
            await asyncio.sleep(start + i * every - loop.time())
            yield i

    return marks()
