# cause: M15
# fails: test_all__b
async def all_(*coros):
    async with asyncio.TaskGroup() as tg:
        tasks = [tg.create_task(coro) for coro in coros]
    return [task.result() for task in tasks]
