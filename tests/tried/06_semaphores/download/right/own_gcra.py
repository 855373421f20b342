async def download(urls, get, rate, burst, limit):
    places, loop = asyncio.Semaphore(limit), asyncio.get_running_loop()
    tat = loop.time()

    async def one(url):
        nonlocal tat
        async with places:
            now = loop.time()
            tat = max(tat, now)
            start, tat = tat - (burst - 1) / rate, tat + 1 / rate
            if start > now:
                await asyncio.sleep(start - now)
            return await get(url)

    return await asyncio.gather(*map(one, urls), return_exceptions=True)
