# cause: superas la tasa
async def download(urls, get, rate, burst, limit):
    semaphore = asyncio.Semaphore(limit)

    async def one(url):
        async with semaphore:
            while True:
                answer = await get(url)
                if answer != 429:
                    return answer

    return await asyncio.gather(*map(one, urls), return_exceptions=True)
