# cause: la original
# fails: test_all__b, test_all__c
async def all_(*coros):
    try:
        async with asyncio.TaskGroup() as tg:
            tasks = [tg.create_task(coro) for coro in coros]
    except ExceptionGroup as eg:
        raise RuntimeError(eg.exceptions[0])
    return [task.result() for task in tasks]
