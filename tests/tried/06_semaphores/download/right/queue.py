async def download(urls, get, rate, burst, limit):
    tokens, queue = RateLimiter(rate, burst), asyncio.Queue()
    for pair in enumerate(urls):
        queue.put_nowait(pair)
    answers = {}

    async def worker():
        while not queue.empty():
            i, url = queue.get_nowait()
            await tokens.acquire()
            try:
                answers[i] = await get(url)
            except Exception as error:
                answers[i] = error

    async with asyncio.TaskGroup() as tg:
        for _ in range(min(limit, len(urls))):
            tg.create_task(worker())
    return [answers[i] for i in range(len(urls))]
