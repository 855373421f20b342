# cause: queda una plaza libre
async def fetch_all(urls, fetch, limit):
    active = 0

    async def one(url):
        nonlocal active
        while active >= limit:
            await asyncio.sleep(0.3)
        active += 1
        try:
            return await fetch(url)
        finally:
            active -= 1

    return await asyncio.gather(*map(one, urls))
