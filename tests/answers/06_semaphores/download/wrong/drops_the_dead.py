# cause: falta la excepción
# cause: falta su excepción
async def download(urls, get, rate, burst, limit):
    limiter, semaphore = RateLimiter(rate, burst), asyncio.Semaphore(limit)
    answers = {}

    async def one(number, url):
        async with semaphore:
            await limiter.acquire()
            try:
                answers[number] = await get(url)
            except Exception:
                pass

    await asyncio.gather(*(one(number, url) for number, url in enumerate(urls)))
    return [answers[number] for number in sorted(answers)]
