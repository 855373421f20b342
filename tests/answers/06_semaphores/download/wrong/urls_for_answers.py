# cause: devuelves las URL
# fails: test_download_a, test_download_b
async def download(urls, get, rate, burst, limit):
    limiter, semaphore = RateLimiter(rate, burst), asyncio.Semaphore(limit)

    async def one(url):
        async with semaphore:
            await limiter.acquire()
            await get(url)
            return url

    return await asyncio.gather(*map(one, urls), return_exceptions=True)
