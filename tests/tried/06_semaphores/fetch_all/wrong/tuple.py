# cause: tupla
async def fetch_all(urls, fetch, limit):
    sem = asyncio.Semaphore(limit)

    async def one(url):
        async with sem:
            return await fetch(url)

    return tuple(await asyncio.gather(*map(one, urls)))
