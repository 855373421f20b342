# cause: a la vez
async def download(urls, get, rate, burst, limit):
    tokens = RateLimiter(rate, burst)

    async def one(url):
        await tokens.acquire()
        return await get(url)

    return await asyncio.gather(*[one(u) for u in urls], return_exceptions=True)
