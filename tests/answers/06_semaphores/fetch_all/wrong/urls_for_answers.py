# cause: devuelves las URL
# fails: test_fetch_all_a, test_fetch_all_b
async def fetch_all(urls, fetch, limit):
    semaphore = asyncio.Semaphore(limit)

    async def one(url):
        async with semaphore:
            await fetch(url)

    await asyncio.gather(*(one(url) for url in urls))
    return urls
