# cause: M10
import time


async def ticker(n, every):
    for i in range(n):
        yield i
        time.sleep(every)
