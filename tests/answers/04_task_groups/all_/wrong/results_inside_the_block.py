# cause: aún no ha terminado
# fails: test_all__a, test_all__b, test_all__c
async def all_(*coros):
    try:
        async with asyncio.TaskGroup() as tg:
            tasks = [tg.create_task(coro) for coro in coros]
            return [task.result() for task in tasks]
    except ExceptionGroup as eg:
        raise eg.exceptions[0] from None
