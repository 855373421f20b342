# cause: el lote espera
async def download(urls, get, rate, burst, limit):
    tokens, out = RateLimiter(rate, burst), []

    async def one(url):
        await tokens.acquire()
        return await get(url)

    for i in range(0, len(urls), limit):
        out += await asyncio.gather(*map(one, urls[i : i + limit]), return_exceptions=True)
    return out
