import time


async def ticker(n, every):
    start = time.monotonic()
    for mark in range(n):
        wait = start + mark * every - time.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)
        yield mark
