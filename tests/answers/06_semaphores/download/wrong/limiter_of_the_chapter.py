# cause: M21
async def download(urls, get, rate, burst, limit):
    limiter, semaphore = ChapterLimiter(rate, burst), asyncio.Semaphore(limit)

    async def one(url):
        async with semaphore:
            await limiter.acquire()
            return await get(url)

    return await asyncio.gather(*map(one, urls), return_exceptions=True)
