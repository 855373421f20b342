async def fetch_all(urls, fetch, limit):
    queue = asyncio.Queue()
    for number, url in enumerate(urls):
        queue.put_nowait((number, url))
    pages = {}

    async def worker():
        while not queue.empty():
            number, url = queue.get_nowait()
            pages[number] = await fetch(url)

    async with asyncio.TaskGroup() as tg:
        for _ in range(limit):
            tg.create_task(worker())
    return [pages[number] for number in range(len(urls))]
