async def all_(*coros):
    first = []
    async def guard(c):
        try:
            return await c
        except Exception as e:
            first.append(e)
            raise
    try:
        async with asyncio.TaskGroup() as tg:
            tasks = [tg.create_task(guard(c)) for c in coros]
    except* Exception:
        pass
    if first:
        raise first[0]
    return [t.result() for t in tasks]
