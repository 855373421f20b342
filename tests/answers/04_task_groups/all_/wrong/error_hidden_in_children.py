# cause: la excepción se pierde
# cause: M14
# fails: test_all__b, test_all__c
async def all_(*coros):
    async def safe(coro):
        try:
            return await coro
        except Exception:
            return None

    async with asyncio.TaskGroup() as tg:
        tasks = [tg.create_task(safe(coro)) for coro in coros]
    return [task.result() for task in tasks]
