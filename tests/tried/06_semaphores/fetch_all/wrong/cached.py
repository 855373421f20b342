# cause: repetida
async def fetch_all(urls, fetch, limit):
    sem, tasks = asyncio.Semaphore(limit), {}

    async def one(url):
        async with sem:
            return await fetch(url)

    for url in urls:
        if url not in tasks:
            tasks[url] = asyncio.create_task(one(url))
    return [await tasks[url] for url in urls]
