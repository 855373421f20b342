import random


async def fetch_all(urls, fetch, limit):
    sem, out = asyncio.Semaphore(limit), [None] * len(urls)

    async def one(i):
        async with sem:
            out[i] = await fetch(urls[i])

    order = list(range(len(urls)))
    random.shuffle(order)
    await asyncio.gather(*map(one, order))
    return out
