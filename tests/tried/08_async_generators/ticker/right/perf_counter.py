from time import perf_counter


async def ticker(n, every):
    start = perf_counter()
    for i in range(n):
        await asyncio.sleep(start + i * every - perf_counter())
        yield i
