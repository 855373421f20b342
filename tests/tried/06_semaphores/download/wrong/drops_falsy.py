# cause: respuesta falsa
async def download(urls, get, rate, burst, limit):
    places, tokens = asyncio.Semaphore(limit), RateLimiter(rate, burst)

    async def one(url):
        async with places:
            await tokens.acquire()
            return await get(url)

    return [a for a in await asyncio.gather(*[one(u) for u in urls], return_exceptions=True) if a]
