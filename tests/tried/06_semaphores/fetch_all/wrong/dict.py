# cause: diccionario
async def fetch_all(urls, fetch, limit):
    sem = asyncio.Semaphore(limit)

    async def one(url):
        async with sem:
            return url, await fetch(url)

    return dict(await asyncio.gather(*map(one, urls)))
