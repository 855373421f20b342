# cause: original
async def all_(*coros):
    try:
        async with asyncio.TaskGroup() as tg:
            tasks = [tg.create_task(c) for c in coros]
    except ExceptionGroup as g:
        e = g.exceptions[0]
        raise type(e)(*e.args)
    return [t.result() for t in tasks]
