async def pipeline(items, n, work):
    queue = asyncio.Queue()
    results = [None] * len(items)
    for pair in enumerate(items):
        queue.put_nowait(pair)
    async def consume():
        while True:
            place, item = await queue.get()
            results[place] = await work(item)
            queue.task_done()
    async with asyncio.TaskGroup() as tg:
        workers = [tg.create_task(consume()) for _ in range(n)]
        await queue.join()
        for worker in workers:
            worker.cancel()
    return results
