async def pipeline(items, n, work):
    queue = asyncio.Queue()
    for pair in enumerate(items):
        queue.put_nowait(pair)
    async def consume():
        done = []
        while not queue.empty():
            place, item = queue.get_nowait()
            done.append((place, await work(item)))
        return done
    async with asyncio.TaskGroup() as tg:
        tasks = [tg.create_task(consume()) for _ in range(n)]
    pairs = [pair for task in tasks for pair in task.result()]
    return [value for _, value in sorted(pairs, key=lambda pair: pair[0])]
