async def fetch_all(urls, fetch, limit):
    places = asyncio.Queue()
    for n in range(limit):
        places.put_nowait(n)

    async def one(url):
        place = await places.get()
        try:
            return await fetch(url)
        finally:
            places.put_nowait(place)

    tasks = [asyncio.create_task(one(url), name=url) for url in urls]
    return [await task for task in tasks]
