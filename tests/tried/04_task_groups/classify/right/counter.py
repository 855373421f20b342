from collections import Counter
async def classify(fn):
    counts = Counter()
    def go(e):
        if isinstance(e, ExceptionGroup):
            for x in e.exceptions:
                go(x)
        else:
            counts[e.__class__.__name__] += 1
    try:
        await fn()
    except Exception as e:
        go(e)
    return counts
