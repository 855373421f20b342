# cause: M16
# fails: test_all_settled_a
async def all_settled(*coros):
    settled = []
    tasks = [asyncio.create_task(coro) for coro in coros]
    try:
        for finished in asyncio.as_completed(tasks):
            try:
                settled.append({"status": "fulfilled", "value": await finished})
            except Exception as error:
                settled.append({"status": "rejected", "reason": error})
    finally:
        for task in tasks:
            task.cancel()
    return settled
