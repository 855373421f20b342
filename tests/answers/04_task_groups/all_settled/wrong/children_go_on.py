# cause: huérfanas
# fails: test_all_settled_b
async def all_settled(*coros):
    tasks = [asyncio.create_task(coro) for coro in coros]
    if tasks:
        await asyncio.wait(tasks)
    return [
        {"status": "rejected", "reason": task.exception()}
        if task.exception()
        else {"status": "fulfilled", "value": task.result()}
        for task in tasks
    ]
