async def all_(*coros):
    first = None
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(coro) for coro in coros]
    except* Exception as eg:
        first = eg.exceptions[0]
    if first is not None:
        raise first
    return [task.result() for task in tasks]
