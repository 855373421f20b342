async def fetch_all(urls, fetch, limit):
    tasks, pending = [], set()
    for url in urls:
        task = asyncio.create_task(fetch(url))
        tasks.append(task)
        pending.add(task)
        if len(pending) >= limit:
            _, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
    if pending:
        await asyncio.wait(pending)
    return [task.result() for task in tasks]
