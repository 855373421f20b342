async def all_settled(*coros):
    tasks = [asyncio.create_task(coro) for coro in coros]
    try:
        if tasks:
            await asyncio.wait(tasks)
    except asyncio.CancelledError:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        raise
    settled = []
    for task in tasks:
        if error := task.exception():
            settled.append({"status": "rejected", "reason": error})
        else:
            settled.append({"status": "fulfilled", "value": task.result()})
    return settled
