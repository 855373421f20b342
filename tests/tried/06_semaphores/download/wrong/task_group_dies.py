# cause: pierde todas las respuestas
async def download(urls, get, rate, burst, limit):
    places, tokens = asyncio.Semaphore(limit), RateLimiter(rate, burst)

    async def one(url):
        async with places:
            await tokens.acquire()
            return await get(url)

    async with asyncio.TaskGroup() as tg:
        tasks = [tg.create_task(one(u)) for u in urls]
    return [t.result() for t in tasks]
