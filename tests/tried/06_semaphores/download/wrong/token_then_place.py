# cause: pides la ficha antes que la plaza
async def download(urls, get, rate, burst, limit):
    places, tokens = asyncio.Semaphore(limit), RateLimiter(rate, burst)

    async def one(url):
        await tokens.acquire()
        async with places:
            return await get(url)

    return await asyncio.gather(*[one(u) for u in urls], return_exceptions=True)
