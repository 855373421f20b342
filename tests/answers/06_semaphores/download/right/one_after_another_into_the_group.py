async def download(urls, get, rate, burst, limit):
    limiter, semaphore = RateLimiter(rate, burst), asyncio.Semaphore(limit)
    tasks = []
    for url in urls:
        await semaphore.acquire()
        await limiter.acquire()
        task = asyncio.create_task(get(url))
        task.add_done_callback(lambda _: semaphore.release())
        tasks.append(task)
    return await asyncio.gather(*tasks, return_exceptions=True)
