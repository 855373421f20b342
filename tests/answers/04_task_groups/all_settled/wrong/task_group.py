# cause: M15
# fails: test_all_settled_a
async def all_settled(*coros):
    async with asyncio.TaskGroup() as tg:
        tasks = [tg.create_task(coro) for coro in coros]
    return [{"status": "fulfilled", "value": task.result()} for task in tasks]
