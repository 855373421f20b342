async def fetch_all(urls, fetch, limit):
    sem = asyncio.Semaphore(limit)

    async def limited(url):
        async with sem:
            return await fetch(url)

    return list(await asyncio.gather(*[limited(u) for u in urls]))
