async def pipeline(items, n, work):
    queue = asyncio.Queue()
    results = [None] * len(items)

    async def consume():
        while True:
            index, item = await queue.get()
            results[index] = await work(item)
            queue.task_done()

    async with asyncio.TaskGroup() as tg:
        workers = [tg.create_task(consume()) for _ in range(n)]
        for pair in enumerate(items):
            await queue.put(pair)
        await queue.join()
        for worker in workers:
            worker.cancel()
    return results
