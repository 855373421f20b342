# cause: pierde todas las respuestas
async def download(urls, get, rate, burst, limit):
    places, tokens = asyncio.Semaphore(limit), RateLimiter(rate, burst)

    async def one(url):
        async with places:
            await tokens.acquire()
            try:
                return await get(url)
            except OSError as error:
                return error

    return await asyncio.gather(*[one(u) for u in urls])
