async def download(urls, get, rate, burst, limit):
    tokens, places = RateLimiter(rate, burst), asyncio.Semaphore(limit)

    async def one(url):
        async with places:
            await tokens.acquire()
            return await get(url)

    got = await asyncio.gather(*map(one, reversed(urls)), return_exceptions=True)
    return got[::-1]
