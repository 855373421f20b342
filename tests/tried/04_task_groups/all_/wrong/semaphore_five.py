# cause: no todas las corrutinas
async def all_(*coros):
    sem = asyncio.Semaphore(5)
    async def one(c):
        async with sem:
            return await c
    try:
        async with asyncio.TaskGroup() as tg:
            tasks = [tg.create_task(one(c)) for c in coros]
    except ExceptionGroup as g:
        raise g.exceptions[0] from None
    return [t.result() for t in tasks]
