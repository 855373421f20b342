async def download(urls, get, rate, burst, limit):
    tokens, pending, tasks = RateLimiter(rate, burst), set(), []
    for url in urls:
        while len(pending) >= limit:
            _, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        await tokens.acquire()
        task = asyncio.ensure_future(get(url))
        tasks.append(task)
        pending.add(task)
    return await asyncio.gather(*tasks, return_exceptions=True)
