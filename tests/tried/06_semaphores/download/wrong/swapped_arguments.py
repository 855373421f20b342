# cause: tasa
async def download(urls, get, rate, burst, limit):
    places, tokens = asyncio.Semaphore(limit), RateLimiter(burst, rate)

    async def one(url):
        async with places:
            await tokens.acquire()
            return await get(url)

    return await asyncio.gather(*[one(u) for u in urls], return_exceptions=True)
