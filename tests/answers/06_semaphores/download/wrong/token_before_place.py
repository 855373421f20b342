# cause: pides la ficha antes que la plaza
# fails: test_download_a
async def download(urls, get, rate, burst, limit):
    limiter, semaphore = RateLimiter(rate, burst), asyncio.Semaphore(limit)

    async def one(url):
        await limiter.acquire()
        async with semaphore:
            return await get(url)

    return await asyncio.gather(*map(one, urls), return_exceptions=True)
