# cause: ¿usas ese parámetro?
async def fetch_all(urls, fetch, limit):
    sem = asyncio.Semaphore(10)

    async def one(url):
        async with sem:
            return await fetch(url)

    return await asyncio.gather(*map(one, urls))
