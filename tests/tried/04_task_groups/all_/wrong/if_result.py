# cause: falsos
async def all_(*coros):
    out = []
    try:
        async with asyncio.TaskGroup() as tg:
            tasks = [tg.create_task(c) for c in coros]
    except ExceptionGroup as g:
        raise g.exceptions[0] from None
    for t in tasks:
        if t.result() is not None and t.result() != "" and t.result() is not False and t.result() != 0:
            out.append(t.result())
    return out
