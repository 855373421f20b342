# cause: original
async def all_(*coros):
    try:
        async with asyncio.TaskGroup() as tg:
            tasks = [tg.create_task(c) for c in coros]
    except ExceptionGroup as g:
        raise Exception(str(g.exceptions[0]))
    return [t.result() for t in tasks]
