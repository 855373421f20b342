# cause: cancelas a los consumidores antes de que acaben
async def pipeline(items, n, work):
    queue = asyncio.Queue(maxsize=1)
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
        for worker in workers:
            worker.cancel()
    return results
