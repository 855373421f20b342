# cause: repetida
async def download(urls, get, rate, burst, limit):
    places, tokens, out = asyncio.Semaphore(limit), RateLimiter(rate, burst), {}

    async def one(url):
        async with places:
            await tokens.acquire()
            try:
                out[url] = await get(url)
            except Exception as error:
                out[url] = error

    await asyncio.gather(*map(one, dict.fromkeys(urls)))
    return [out[u] for u in urls]
