# cause: libera
async def fetch_all(urls, fetch, limit):
    sem = asyncio.Semaphore(limit)

    async def one(url):
        await sem.acquire()
        return await fetch(url)

    return await asyncio.gather(*map(one, urls))
