# cause: parejas
async def fetch_all(urls, fetch, limit):
    sem = asyncio.Semaphore(limit)

    async def one(url):
        async with sem:
            return url, await fetch(url)

    return await asyncio.gather(*map(one, urls))
