async def settled(coro):
    try:
        return await coro
    except Exception as error:
        return error


async def download(urls, get, rate, burst, limit):
    tokens, places = RateLimiter(rate, burst), asyncio.BoundedSemaphore(limit)

    async def one(url):
        async with places:
            await tokens.acquire()
            return await settled(get(url))

    return [await task for task in [asyncio.create_task(one(url)) for url in urls]]
