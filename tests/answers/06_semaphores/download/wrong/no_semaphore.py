# cause: más peticiones a la vez que `limit`
# fails: test_download_a
async def download(urls, get, rate, burst, limit):
    limiter = RateLimiter(rate, burst)

    async def one(url):
        await limiter.acquire()
        return await get(url)

    return await asyncio.gather(*map(one, urls), return_exceptions=True)
