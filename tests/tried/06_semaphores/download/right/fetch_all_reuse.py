async def download(urls, get, rate, burst, limit):
    tokens = RateLimiter(rate, burst)

    async def paced(url):
        await tokens.acquire()
        try:
            return await get(url)
        except Exception as error:
            return error

    return await fetch_all(urls, paced, limit)
