async def all_(*coros):
    try:
        async with asyncio.TaskGroup() as tg:
            tasks = [tg.create_task(c) for c in coros]
    except BaseExceptionGroup as g:
        raise g.exceptions[0]
    return [t.result() for t in tasks]
