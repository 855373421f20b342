# cause: M16
async def download(urls, get, rate, burst, limit):
    limiter, semaphore, answers = RateLimiter(rate, burst), asyncio.Semaphore(limit), []

    async def one(url):
        async with semaphore:
            await limiter.acquire()
            try:
                answers.append(await get(url))
            except Exception as error:
                answers.append(error)

    await asyncio.gather(*(one(url) for url in urls))
    return answers
