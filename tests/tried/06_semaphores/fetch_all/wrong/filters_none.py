# cause: respuesta falsa
async def fetch_all(urls, fetch, limit):
    sem = asyncio.Semaphore(limit)

    async def one(url):
        async with sem:
            return await fetch(url)

    return [r for r in await asyncio.gather(*map(one, urls)) if r is not None]
