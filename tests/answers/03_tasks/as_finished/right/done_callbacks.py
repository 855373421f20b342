async def as_finished(fn, items):
    arrived = asyncio.Queue()
    tasks = {}
    for item in items:
        task = asyncio.create_task(fn(item))
        tasks[task] = item
        task.add_done_callback(arrived.put_nowait)
    try:
        for _ in range(len(tasks)):
            task = await arrived.get()
            yield tasks[task], task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
