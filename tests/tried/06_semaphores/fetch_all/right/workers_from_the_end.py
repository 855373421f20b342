async def fetch_all(urls, fetch, limit):
    out, left = [None] * len(urls), list(range(len(urls)))

    async def worker():
        while left:
            i = left.pop()
            out[i] = await fetch(urls[i])

    await asyncio.gather(*[worker() for _ in range(min(limit, len(urls)))])
    return out
