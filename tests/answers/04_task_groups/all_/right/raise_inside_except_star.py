async def all_(*coros):
    try:
        async with asyncio.TaskGroup() as tg:
            tasks = [tg.create_task(coro) for coro in coros]
    except* Exception as eg:
        raise eg.exceptions[0]
    return [task.result() for task in tasks]
