# cause: bloquea
import time


async def ticker(n, every):
    loop = asyncio.get_running_loop()
    start = loop.time()
    for i in range(n):
        time.sleep(max(0, start + i * every - loop.time()))
        yield i
