async def all_(*coros):
    results = [None] * len(coros)

    async def fill(place, coro):
        results[place] = await coro

    try:
        async with asyncio.TaskGroup() as tg:
            for place, coro in enumerate(coros):
                tg.create_task(fill(place, coro))
    except BaseExceptionGroup as group:
        raise group.exceptions[0]
    return results
