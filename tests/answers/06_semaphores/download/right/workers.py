async def download(urls, get, rate, burst, limit):
    limiter = RateLimiter(rate, burst)
    answers = [None] * len(urls)
    numbered = iter(enumerate(urls))

    async def worker():
        for number, url in numbered:
            await limiter.acquire()
            try:
                answers[number] = await get(url)
            except Exception as error:
                answers[number] = error

    async with asyncio.TaskGroup() as tg:
        for _ in range(limit):
            tg.create_task(worker())
    return answers
