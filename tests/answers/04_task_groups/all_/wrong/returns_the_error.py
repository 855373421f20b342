# cause: la excepción se pierde
# fails: test_all__b
async def all_(*coros):
    try:
        async with asyncio.TaskGroup() as tg:
            tasks = [tg.create_task(coro) for coro in coros]
    except ExceptionGroup as eg:
        return eg.exceptions[0]
    return [task.result() for task in tasks]
