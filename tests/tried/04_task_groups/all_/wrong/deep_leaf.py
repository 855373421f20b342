# cause: grupo entero
async def all_(*coros):
    def leaf(e):
        return leaf(e.exceptions[0]) if isinstance(e, ExceptionGroup) else e
    try:
        async with asyncio.TaskGroup() as tg:
            tasks = [tg.create_task(c) for c in coros]
    except ExceptionGroup as g:
        raise leaf(g) from None
    return [t.result() for t in tasks]
