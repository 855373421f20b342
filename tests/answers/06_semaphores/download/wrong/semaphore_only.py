# cause: M21
# cause: superas la tasa
async def download(urls, get, rate, burst, limit):
    semaphore = asyncio.Semaphore(limit)

    async def one(url):
        async with semaphore:
            return await get(url)

    return await asyncio.gather(*map(one, urls), return_exceptions=True)
