# cause: a la vez que `limit`
async def download(urls, get, rate, burst, limit):
    limiter, semaphore = RateLimiter(rate, burst), asyncio.Semaphore(burst)

    async def one(url):
        async with semaphore:
            await limiter.acquire()
            return await get(url)

    return await asyncio.gather(*(one(url) for url in urls), return_exceptions=True)
