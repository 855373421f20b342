# cause: una URL muerta pierde todas las respuestas
async def download(urls, get, rate, burst, limit):
    limiter, semaphore = RateLimiter(rate, burst), asyncio.Semaphore(limit)

    async def one(url):
        async with semaphore:
            await limiter.acquire()
            return await get(url)

    return await asyncio.gather(*map(one, urls))
