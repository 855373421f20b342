# cause: ocultas el error de `work`
# fails: test_pipeline_c
async def pipeline(items, n, work):
    queue = asyncio.Queue(maxsize=10)
    results = [None] * len(items)

    async def consume():
        while True:
            index, item = await queue.get()
            try:
                results[index] = await work(item)
            finally:
                queue.task_done()

    workers = [asyncio.create_task(consume(), name=f"consumer-{i}") for i in range(n)]
    for pair in enumerate(items):
        await queue.put(pair)
    await queue.join()
    for worker in workers:
        worker.cancel()
    await asyncio.gather(*workers, return_exceptions=True)
    return results
