async def classify(fn):
    task = asyncio.ensure_future(fn())
    await asyncio.wait([task])
    error = task.exception()
    counts = {}
    todo = [error] if error else []
    while todo:
        e = todo.pop(0)
        if isinstance(e, ExceptionGroup):
            todo = list(e.exceptions) + todo
        else:
            counts.setdefault(type(e).__name__, 0)
            counts[type(e).__name__] += 1
    return counts
