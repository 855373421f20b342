async def fetch_all(urls, fetch, limit):
    sem = asyncio.Semaphore(limit)
    result = [None] * len(urls)

    async def one(i, url):
        async with sem:
            return i, await fetch(url)

    for next_done in asyncio.as_completed([one(i, u) for i, u in enumerate(urls)]):
        i, value = await next_done
        result[i] = value
    return result
