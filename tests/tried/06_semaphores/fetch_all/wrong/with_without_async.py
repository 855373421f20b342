# cause: ¿falta `async`
async def fetch_all(urls, fetch, limit):
    sem = asyncio.Semaphore(limit)

    async def one(url):
        with sem:
            return await fetch(url)

    return await asyncio.gather(*map(one, urls))
