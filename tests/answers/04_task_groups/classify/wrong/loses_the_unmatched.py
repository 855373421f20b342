# cause: pierdes hojas
# fails: test_classify_a
async def classify(fn):
    counts = {}

    def count(error):
        if isinstance(error, ExceptionGroup):
            for inner in error.exceptions:
                count(inner)
        elif isinstance(error, (ValueError, TypeError)):
            name = type(error).__name__
            counts[name] = counts.get(name, 0) + 1

    try:
        await fn()
    except Exception as error:
        count(error)
    return counts
