# cause: otro orden
async def download(urls, get, rate, burst, limit):
    places, tokens = asyncio.Semaphore(limit), RateLimiter(rate, burst)

    async def one(url):
        async with places:
            await tokens.acquire()
            return await get(url)

    got = await asyncio.gather(*[one(u) for u in urls], return_exceptions=True)
    return [a for a in got if not isinstance(a, Exception)] + [a for a in got if isinstance(a, Exception)]
