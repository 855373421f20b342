async def download(urls, get, rate, burst, limit):
    limiter, semaphore = RateLimiter(rate, burst), asyncio.Semaphore(limit)

    async def one(url):
        async with semaphore:
            for _ in range(3):
                await limiter.acquire()
                answer = await get(url)
                if answer != 429:
                    break
            return answer

    return await asyncio.gather(*map(one, urls), return_exceptions=True)
