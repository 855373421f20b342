async def pipeline(items, n, work):
    queue = asyncio.Queue()
    results = [None] * len(items)
    end = object()

    async def consume():
        while True:
            try:
                pair = await queue.get()
            except Exception as error:
                if type(error).__name__ == "QueueShutDown":
                    return
                raise
            if pair is end:
                return
            index, item = pair
            results[index] = await work(item)

    async with asyncio.TaskGroup() as tg:
        for _ in range(n):
            tg.create_task(consume())
        for pair in enumerate(items):
            await queue.put(pair)
        if hasattr(queue, "shutdown"):
            queue.shutdown()
        else:
            for _ in range(n):
                await queue.put(end)
    return results
