# cause: M16
# fails: test_fetch_all_a, test_fetch_all_b
async def fetch_all(urls, fetch, limit):
    semaphore = asyncio.Semaphore(limit)
    pages = []

    async def one(url):
        async with semaphore:
            pages.insert(0, await fetch(url))

    await asyncio.gather(*(one(url) for url in urls))
    return pages
