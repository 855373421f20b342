# cause: superas la tasa
async def download(urls, get, rate, burst, limit):
    places = asyncio.Semaphore(limit)

    async def one(url):
        async with places:
            await RateLimiter(rate, burst).acquire()
            return await get(url)

    return await asyncio.gather(*[one(u) for u in urls], return_exceptions=True)
