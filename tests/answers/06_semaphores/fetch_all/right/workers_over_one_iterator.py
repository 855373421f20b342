async def fetch_all(urls, fetch, limit):
    pages = [None] * len(urls)
    numbered = iter(enumerate(urls))

    async def worker():
        for number, url in numbered:
            pages[number] = await fetch(url)

    await asyncio.gather(*(worker() for _ in range(limit)))
    return pages
