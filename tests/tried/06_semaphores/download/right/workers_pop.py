async def download(urls, get, rate, burst, limit):
    tokens, out, todo = RateLimiter(rate, burst), [None] * len(urls), list(range(len(urls)))

    async def worker():
        while todo:
            i = todo.pop()
            await tokens.acquire()
            try:
                out[i] = await get(urls[i])
            except Exception as e:
                out[i] = e

    await asyncio.gather(*(worker() for _ in range(limit)))
    return out
