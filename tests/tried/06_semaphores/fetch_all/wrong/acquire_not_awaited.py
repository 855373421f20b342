# cause: M01
async def fetch_all(urls, fetch, limit):
    sem = asyncio.Semaphore(limit)

    async def one(url):
        sem.acquire()
        try:
            return await fetch(url)
        finally:
            sem.release()

    return await asyncio.gather(*map(one, urls))
