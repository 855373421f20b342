# cause: repetida
async def fetch_all(urls, fetch, limit):
    sem, out = asyncio.Semaphore(limit), {}

    async def one(url):
        async with sem:
            out[url] = await fetch(url)

    await asyncio.gather(*map(one, set(urls)))
    return [out[u] for u in urls]
