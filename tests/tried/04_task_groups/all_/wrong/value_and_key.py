# cause: sea del tipo
async def all_(*coros):
    error = None
    try:
        async with asyncio.TaskGroup() as tg:
            tasks = [tg.create_task(c) for c in coros]
    except* (ValueError, RuntimeError) as g:
        error = g.exceptions[0]
    if error is not None:
        raise error
    return [t.result() for t in tasks]
