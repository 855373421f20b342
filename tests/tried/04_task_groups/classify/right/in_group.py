async def classify(fn):
    counts = {}
    def go(e):
        if isinstance(e, ExceptionGroup):
            for x in e.exceptions:
                go(x)
        else:
            counts[type(e).__name__] = counts.get(type(e).__name__, 0) + 1
    try:
        async with asyncio.TaskGroup() as tg:
            tg.create_task(fn())
    except ExceptionGroup as e:
        go(e)
    return counts
