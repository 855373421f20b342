# cause: no su texto
async def download(urls, get, rate, burst, limit):
    places, tokens = asyncio.Semaphore(limit), RateLimiter(rate, burst)

    async def one(url):
        async with places:
            await tokens.acquire()
            try:
                return await get(url)
            except Exception as error:
                return f"{type(error).__name__}: {error}"

    return await asyncio.gather(*[one(u) for u in urls])
