async def fetch_all(urls, fetch, limit):
    semaphore = asyncio.BoundedSemaphore(limit)
    tasks = []
    for url in urls:
        await semaphore.acquire()
        task = asyncio.create_task(fetch(url))
        task.add_done_callback(lambda _: semaphore.release())
        tasks.append(task)
    return [await task for task in tasks]
