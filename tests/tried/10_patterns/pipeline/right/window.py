async def pipeline(items, n, work):
    waiting, running, done = list(enumerate(items))[::-1], {}, {}
    try:
        while waiting or running:
            while waiting and len(running) < n:
                place, item = waiting.pop()
                running[asyncio.create_task(work(item))] = place
            finished, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for task in finished:
                done[running.pop(task)] = task.result()
    finally:
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)
    return [done[place] for place in range(len(items))]
