async def fetch_all(urls, fetch, limit):
    free, gate = limit, asyncio.Condition()

    async def one(url):
        nonlocal free
        async with gate:
            await gate.wait_for(lambda: free > 0)
            free -= 1
        try:
            return await fetch(url)
        finally:
            async with gate:
                free += 1
                gate.notify()

    return await asyncio.gather(*map(one, urls))
