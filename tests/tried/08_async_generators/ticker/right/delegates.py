async def deadlines(n, every):
    start = asyncio.get_running_loop().time()
    for i in range(n):
        yield i, start + i * every


async def ticker(n, every):
    loop = asyncio.get_running_loop()
    async with aclosing(deadlines(n, every)) as source:
        async for i, due in source:
            await asyncio.sleep(due - loop.time())
            yield i
