# cause: esperas de más
async def download(urls, get, rate, burst, limit):
    places, tokens = asyncio.Semaphore(limit), RateLimiter(rate, burst)

    async def one(url):
        async with places:
            try:
                return await get(url)
            finally:
                await tokens.acquire()

    return await asyncio.gather(*[one(u) for u in urls], return_exceptions=True)
