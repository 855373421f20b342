# cause: orden
async def fetch_all(urls, fetch, limit):
    sem, out = asyncio.Semaphore(limit), []

    async def one(url):
        async with sem:
            out.append(await fetch(url))

    await asyncio.gather(*map(one, urls))
    return out
