# cause: dejas plazas sin usar
async def fetch_all(urls, fetch, limit):
    semaphore = asyncio.Semaphore(max(1, limit - 1))

    async def one(url):
        async with semaphore:
            return await fetch(url)

    return await asyncio.gather(*(one(url) for url in urls))
