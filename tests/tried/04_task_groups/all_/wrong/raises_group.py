# cause: grupo del `TaskGroup`
async def all_(*coros):
    try:
        async with asyncio.TaskGroup() as tg:
            tasks = [tg.create_task(c) for c in coros]
    except ExceptionGroup as g:
        raise g
    return [t.result() for t in tasks]
