# cause: de una en una
async def fetch_all(urls, fetch, limit):
    sem, out = asyncio.Semaphore(limit), []
    for url in urls:
        async with sem:
            out.append(await fetch(url))
    return out
