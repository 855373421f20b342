async def classify(fn):
    counts = {}
    def go(e):
        if isinstance(e, BaseExceptionGroup):
            for x in e.exceptions:
                go(x)
            return
        counts[type(e).__name__] = counts.get(type(e).__name__, 0) + 1
    try:
        await fn()
    except Exception as e:
        go(e)
    return counts
