# cause: M15
# fails: test_classify_a
async def classify(fn):
    counts = {}
    try:
        await fn()
    except* Exception as eg:
        for error in eg.exceptions:
            name = type(error).__name__
            counts[name] = counts.get(name, 0) + 1
    return counts
