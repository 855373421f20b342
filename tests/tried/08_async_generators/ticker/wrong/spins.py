# cause: preguntas sin parar
async def ticker(n, every):
    loop = asyncio.get_running_loop()
    start = loop.time()
    for i in range(n):
        while loop.time() < start + i * every:
            await asyncio.sleep(0)
        yield i
