async def classify(fn):
    counts = {}

    def count(error):
        if isinstance(error, ExceptionGroup):
            for inner in error.exceptions:
                count(inner)
        else:
            counts.setdefault(type(error).__name__, 0)
            counts[type(error).__name__] += 1

    try:
        await fn()
    except* Exception as eg:
        count(eg)
    return counts
