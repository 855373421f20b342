# cause: M08
async def fetch_all(urls, fetch, limit):
    lock = asyncio.Lock()

    async def one(url):
        async with lock:
            return await fetch(url)

    return await asyncio.gather(*(one(url) for url in urls))
